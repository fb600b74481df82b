import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { secretKeys } from "../../../stacks/site/configKeys";
import { bare, exampleOf, metaOf, type Schema } from "../../../stacks/site/schema/walk";
import { siteSchema } from "../../../stacks/site/site";
import { stackFileSchema } from "../../../stacks/site/stackFileSchema";
import { siteText } from "./sites";

/** Every schema inside another, with its path. */
function inside(schema: Schema, path: string): [string, Schema][] {
  const plain = bare(schema);
  const below =
    plain instanceof z.ZodObject
      ? Object.entries(plain.shape as Record<string, Schema>).flatMap(([key, child]) => inside(child, `${path}.${key}`))
      : plain instanceof z.ZodRecord
        ? [...inside(plain.keyType as Schema, `${path}.<key>`), ...inside(plain.valueType as Schema, `${path}.<name>`)]
        : plain instanceof z.ZodArray
          ? inside(plain.element as Schema, `${path}[]`)
          : plain instanceof z.ZodUnion
            ? (plain.options as Schema[]).flatMap((option, i) => inside(option, `${path}|${i}`))
            : [];
  return [[path, schema], ...below];
}

const all = inside(siteSchema, "site");

test("every part of the schema is accepted by its own example, so a hint never leads into the next error", () => {
  for (const [path, schema] of all) {
    const result = z.safeParse(schema, exampleOf(schema));
    expect(`${path}: ${result.success ? "fits" : JSON.stringify(result.error.issues)}`).toBe(`${path}: fits`);
  }
});

test("every key has a description", () => {
  const keys = all.filter(([path]) => /\.[a-zA-Z]+$/.test(path));
  expect(keys.length).toBeGreaterThan(50);
  // The choice of a provisioner is described by its alternatives.
  const bareKeys = keys.filter(([path, schema]) => metaOf(schema).description === undefined && path !== "site.cluster");
  expect(bareKeys.map(([path]) => path)).toEqual([]);
});

describe("the JSON schema of the stack file", () => {
  const schema = stackFileSchema() as {
    properties: { config: { properties: Record<string, unknown>; patternProperties: Record<string, unknown> } };
  };
  // Read back into zod, so that what an editor would say of a file is tried, not the text of the schema.
  const editor = z.fromJSONSchema(stackFileSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const lab = () => parse(siteText) as { config: Record<string, never> };

  test("accepts the small site's file", () => {
    expect(editor.safeParse(lab()).error).toBeUndefined();
  });

  test.each<[string, (config: Record<string, never>) => void]>([
    ["a misspelt key", (config) => Object.assign(config["atlas-site:site"], { nmae: "lab" })],
    ["a wrong type", (config) => Object.assign(config["atlas-site:site"], { name: 7 })],
    ["a missing section", (config) => delete config["atlas-site:cluster"]],
    ["a misspelt section", (config) => Object.assign(config, { "atlas-site:queus": {} })],
    ["a key without namespace", (config) => Object.assign(config, { queues: {} })],
  ])("refuses %s", (_, spoil) => {
    const file = lab();
    spoil(file.config);
    expect(editor.safeParse(file).success).toBe(false);
  });

  test("knows which keys are whose", () => {
    const { properties, patternProperties } = schema.properties.config;
    const secrets = Object.keys(secretKeys).map((key) => `atlas-site:${key}`);
    const [ours, others] = Object.keys(patternProperties).map((pattern) => new RegExp(pattern));
    expect(Object.keys(properties).filter((key) => ours.test(key) && !secrets.includes(key))).toEqual([]);
    expect(["atlas-site:token", "atlas-site:siteX"].every((key) => ours.test(key) && !others.test(key))).toBe(true);
    expect(["openstack:cloud", "pulumi:tags"].every((key) => others.test(key) && !ours.test(key))).toBe(true);
    expect(others.test("queues")).toBe(false);
  });
});
