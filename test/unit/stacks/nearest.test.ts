import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearest } from "../../../stacks/site/nearest";

describe("nearest word", () => {
  const keys = ["name", "vcpus", "ramMb", "diskGb", "addresses", "allowedCidrs", "apiEndpoint", "provisioner"];

  test.each([
    ["vcpu", "vcpus"],
    ["ram_mb", "ramMb"],
    ["RAMMB", "ramMb"],
    ["disk-gb", "diskGb"],
    ["adresses", "addresses"],
    ["allowedCIDR", "allowedCidrs"],
    ["apiEndpiont", "apiEndpoint"],
    ["provisionner", "provisioner"],
    ["nmae", "name"],
  ])("%s was meant as %s", (written, meant) => expect(nearest(written, keys)).toBe(meant));

  test.each(["colour", "x", "", "networkPolicy"])("%j is near to none", (written) =>
    expect(nearest(written, keys)).toBeUndefined(),
  );

  test("one slip in a key of four letters or more finds the key itself", () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.nat(), (key, place) => {
        const at = place % key.length;
        expect(nearest(key.slice(0, at) + key.slice(at + 1), keys)).toBe(key);
        expect(nearest(`${key.slice(0, at)}q${key.slice(at)}`, keys)).toBe(key);
        expect(nearest(`${key.slice(0, at)}q${key.slice(at + 1)}`, keys)).toBe(key);
        const swapped = `${key.slice(0, at)}${key.slice(at + 1, at + 2)}${key.slice(at, at + 1)}${key.slice(at + 2)}`;
        expect(nearest(swapped, keys)).toBe(key);
      }),
    );
  });
});
