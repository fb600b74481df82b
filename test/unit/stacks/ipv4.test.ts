import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressNumber,
  addressText,
  canonicalCidr,
  contains,
  freeNetwork,
  networkRange,
  overlaps,
} from "../../../stacks/site/ipv4";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** Any network of at most 4096 addresses somewhere in 10.0.0.0/14, so that two of them often meet. */
const network = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 18 - 1 }), fc.integer({ min: 20, max: 32 }))
  .map(([offset, prefix]) => canonicalCidr(`${addressText(10 * 2 ** 24 + offset)}/${prefix}`)!);

/** Every address of a small network, by counting: the plain meaning the arithmetic is held against. */
function addressesOf(cidr: string): Set<number> {
  const [text, prefix] = cidr.split("/");
  const first = text.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return new Set(Array.from({ length: 2 ** (32 - Number(prefix)) }, (_, i) => first + i));
}

describe("addresses", () => {
  test("text and number are each other's inverse", () => {
    fc.assert(fc.property(address, (number) => addressNumber(addressText(number)) === number));
  });

  test.each(["10.0.0.256", "10.0.0", "10.0.0.1/8", "010.0.0.1", "10.0.0.1.1", "", "a.b.c.d", "10.0.0.-1"])(
    "%j is no address",
    (text) => expect(addressNumber(text)).toBeUndefined(),
  );

  test.each(["10.0.0.0/33", "10.0.0.0/08", "10.0.0.0", "10.0.0.300/24", "/24", "::/64"])("%j is no network", (text) =>
    expect(networkRange(text)).toBeUndefined(),
  );
});

describe("networks", () => {
  test("the proper text of a network is a fixed point, and names the same range as any address in it", () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 32 }), (number, prefix) => {
        const written = `${addressText(number)}/${prefix}`;
        const proper = canonicalCidr(written)!;
        expect(canonicalCidr(proper)).toBe(proper);
        expect(networkRange(proper)).toEqual(networkRange(written));
        const { first, last } = networkRange(written)!;
        expect(first <= number && number <= last && last - first + 1 === 2 ** (32 - prefix)).toBe(true);
      }),
    );
  });

  test("overlap and containment are those of the sets of addresses", () => {
    fc.assert(
      fc.property(network, network, (one, other) => {
        const [a, b] = [addressesOf(one), addressesOf(other)];
        expect(overlaps(one, other)).toBe([...a].some((number) => b.has(number)));
        expect(contains(one, other)).toBe([...b].every((number) => a.has(number)));
      }),
    );
  });

  test("a free network is inside, of the size asked for, and shares no address with what is taken", () => {
    fc.assert(
      fc.property(fc.array(network, { maxLength: 12 }), fc.integer({ min: 16, max: 32 }), (taken, prefix) => {
        const free = freeNetwork("10.0.0.0/15", prefix, taken);
        if (free !== undefined) {
          expect(canonicalCidr(free)).toBe(free);
          expect(free.endsWith(`/${prefix}`)).toBe(true);
          expect(contains("10.0.0.0/15", free)).toBe(true);
          taken.forEach((other) => expect(overlaps(free, other)).toBe(false));
        }
      }),
    );
  });

  test("a free network is found whenever there is one, and the first is taken", () => {
    const outer = "10.0.0.0/24";
    const inside = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 26, max: 32 }))
      .map(([offset, prefix]) => canonicalCidr(`10.0.0.${offset}/${prefix}`)!);
    fc.assert(
      fc.property(fc.array(inside, { maxLength: 10 }), fc.integer({ min: 24, max: 32 }), (taken, prefix) => {
        const size = 2 ** (32 - prefix);
        const candidates = Array.from({ length: 256 / size }, (_, i) => `10.0.0.${i * size}/${prefix}`);
        const first = candidates.find((candidate) => !taken.some((other) => overlaps(candidate, other)));
        expect(freeNetwork(outer, prefix, taken)).toBe(first);
      }),
    );
  });
});
