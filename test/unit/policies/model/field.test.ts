import { createRequire } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Field, UNKNOWN, UnknownField } from "../../../../policies/model/field";
import { ROOT } from "../../../support/sites";

const { unknownCheckingProxy, unknownStringValue } = createRequire(join(ROOT, "policies", "package.json"))(
  "@pulumi/policy/proxy",
) as { unknownCheckingProxy: (props: object) => object; unknownStringValue: string };

describe("a field", () => {
  test("knows its place, as a person would write it", () => {
    const root = new Field({ spec: { "a.b/c": [{ x: 1 }] } });
    expect(root.at("spec", "a.b/c", 0, "x").path).toBe('spec["a.b/c"][0].x');
    expect(root.at("spec", "a.b/c").items[0].at("x").path).toBe('spec["a.b/c"][0].x');
  });

  test("reads values it was asked for and nothing of the language", () => {
    const root = new Field({ list: [1], text: "t", none: null });
    expect([root.at("text").text, root.at("list", 0).number]).toEqual(["t", 1]);
    expect([root.at("none").present, root.at("list", "length").present, root.at("constructor").present]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("throws for an unknown value and what is below it, with its path, and for nothing else", () => {
    const root = new Field({ spec: { a: UNKNOWN, b: 1 } });
    expect(() => root.at("spec", "a", "deeper").value).toThrow(new UnknownField("spec.a"));
    expect(root.at("spec", "b").value).toBe(1);
  });

  test("takes what the engine passes in a preview for unknown too", () => {
    const props = { spec: { image: unknownStringValue, other: [unknownStringValue] } };
    for (const root of [new Field(props), new Field(unknownCheckingProxy(props))]) {
      expect([root.at("spec", "image").known, root.at("spec", "other").items[0].known]).toEqual([false, false]);
      expect(root.at("spec").keys).toEqual(["image", "other"]);
    }
  });

  test("never throws on values of any shape", () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.oneof(fc.string(), fc.nat(3))), (value, path) => {
        const field = new Field(value).at(...path);
        void [field.value, field.text, field.number, field.items, field.keys, field.entries, field.texts];
      }),
    );
  });
});
