import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance, nearest } from "../../../stacks/site/nearest";

const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 8 });

describe("edit distance", () => {
  test("is zero for the same word only, the same both ways, and at most the longer word", () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const distance = editDistance(one, other);
        expect(distance === 0).toBe(one === other);
        expect(editDistance(other, one)).toBe(distance);
        expect(distance).toBeLessThanOrEqual(Math.max(one.length, other.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(one.length - other.length));
      }),
    );
  });

  test("counts one slip as one: a letter more, less, other, or two swapped", () => {
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom("x", "y"), (text, place, letter) => {
        const at = place % (text.length + 1);
        expect(editDistance(text, text.slice(0, at) + letter + text.slice(at))).toBe(1);
        if (at < text.length) {
          expect(editDistance(text, text.slice(0, at) + letter + text.slice(at + 1))).toBe(1);
          expect(editDistance(text, text.slice(0, at) + text.slice(at + 1))).toBe(1);
        }
        if (at + 1 < text.length && text[at] !== text[at + 1]) {
          expect(editDistance(text, text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2))).toBe(1);
        }
      }),
    );
  });
});

describe("nearest word", () => {
  const keys = ["name", "vcpus", "ramMb", "diskGb", "addresses", "allowedCidrs", "apiEntrance", "provisioner"];

  test.each([
    ["vcpu", "vcpus"],
    ["ram_mb", "ramMb"],
    ["RAMMB", "ramMb"],
    ["disk-gb", "diskGb"],
    ["adresses", "addresses"],
    ["allowedCIDR", "allowedCidrs"],
    ["apiEntrence", "apiEntrance"],
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
      }),
    );
  });
});
