import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressRange,
  dnsServiceAddress,
  endpointAddress,
  gatewayAddress,
  machineAddress,
  networkSize,
  poolCapacity,
} from "../../../components/cloud/addresses";
import { addressNumber, canonicalCidr } from "../../../stacks/site/ipv4";

/** Any network of 10.0.0.0/8 that holds at least two machines, written with its first address. */
const anyBlock = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 24 - 1 }), fc.integer({ min: 12, max: 30 }))
  .map(([offset, prefix]) => {
    const bytes = [(offset >> 16) & 255, (offset >> 8) & 255, offset & 255];
    return canonicalCidr(`10.${bytes.join(".")}/${prefix}`)!;
  });

function firstNumber(cidr: string): number {
  return addressNumber(cidr.split("/")[0])!;
}

describe("addresses of a network", () => {
  test("are the ones every guide names: router first, endpoint second, name service tenth", () => {
    expect(gatewayAddress("10.64.0.0/22")).toBe("10.64.0.1");
    expect(endpointAddress("10.64.0.0/22")).toBe("10.64.0.2");
    expect(dnsServiceAddress("10.96.0.0/16")).toBe("10.96.0.10");
    expect(addressRange("10.64.3.0/24")).toEqual({ start: "10.64.3.1", end: "10.64.3.254" });
  });

  test("machine i of a block has its i-th host address, counted from 0", () => {
    expect(machineAddress("10.64.0.16/28", 0)).toBe("10.64.0.17");
    expect(machineAddress("10.64.0.16/28", 13)).toBe("10.64.0.30");
    expect(machineAddress("10.64.0.0/22", 255)).toBe("10.64.1.0");
  });

  test("every machine a block can hold gets an address inside it, never its first or last, and all differ", () => {
    fc.assert(
      fc.property(anyBlock, fc.double({ min: 0, max: 1, noNaN: true }), (block, share) => {
        const capacity = poolCapacity(block);
        const index = Math.min(capacity - 1, Math.floor(share * capacity));
        const offset = addressNumber(machineAddress(block, index))! - firstNumber(block);
        expect(offset).toBe(index + 1);
        expect(offset).toBeGreaterThan(0);
        expect(offset).toBeLessThan(networkSize(block) - 1);
      }),
    );
  });

  test("a machine outside its block is refused with the block, its capacity and the index", () => {
    fc.assert(
      fc.property(anyBlock, fc.integer({ min: 0, max: 1000 }), (block, beyond) => {
        const index = poolCapacity(block) + beyond;
        const message = `block ${block} has ${poolCapacity(block)} machine addresses, index ${index} is outside it`;
        expect(() => machineAddress(block, index)).toThrow(new RangeError(message));
      }),
    );
    expect(() => machineAddress("10.64.0.16/28", -1)).toThrow(RangeError);
  });

  test("blocks too small for a machine hold none", () => {
    expect([29, 30, 31, 32].map((prefix) => poolCapacity(`10.0.0.0/${prefix}`))).toEqual([6, 2, 0, 0]);
  });
});
