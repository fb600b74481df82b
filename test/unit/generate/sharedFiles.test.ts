import fc from "fast-check";
import { expect, test } from "vitest";
import { shareFiles } from "../../generate/sharedFiles";

test("equal files of two variants are stored once, a different one under the variant's name", () => {
  expect(shareFiles({ one: { a: "x", b: "y" }, two: { a: "x", b: "z" }, three: { b: "z", c: "" } })).toEqual({
    stored: { a: "x", b: "y", "b@two": "z", c: "" },
    names: { one: { a: "a", b: "b" }, two: { a: "a", b: "b@two" }, three: { b: "b@two", c: "c" } },
  });
});

test("every variant gets back its own texts, and no text of a path is stored twice", () => {
  const files = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y", "z"));
  const variants = fc.dictionary(fc.constantFrom("one", "two", "three"), files);
  fc.assert(
    fc.property(variants, (all) => {
      const { stored, names } = shareFiles(all);
      for (const [variant, texts] of Object.entries(all)) {
        const read = Object.entries(names[variant]).map(([path, name]) => [path, stored[name]]);
        expect(Object.fromEntries(read)).toEqual(texts);
      }
      const keys = Object.entries(stored).map(([name, text]) => `${name.split("@")[0]} ${text}`);
      expect(new Set(keys).size).toBe(keys.length);
    }),
  );
});
