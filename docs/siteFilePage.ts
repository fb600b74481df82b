/** The page of the site file: every key with type, default and meaning, read from the schema. */
import { z } from "zod";
import { checks } from "../stacks/site/checks";
import { namespace, secretKeys } from "../stacks/site/configKeys";
import { bare, expectedText, isOptional, metaOf, type Schema } from "../stacks/site/schema/walk";
import { siteSchema } from "../stacks/site/site";
import { code, generatedFrom, table } from "./markdown";

/** The page in Markdown. */
export function siteFilePage(): string {
  return [
    generatedFrom("stacks/site/site.ts"),
    "# The site file",
    introduction(),
    ...Object.entries(siteSchema.shape).map(([name, schema]) => sectionText(name, schema)),
    "## Secrets",
    `Secrets are encrypted keys of their own beside the sections, never inside one.`,
    table(
      ["Key", "Set by"],
      Object.entries(secretKeys).map(([name, command]) => [code(`${namespace}:${name}`), code(command)]),
    ),
    "## What is checked across keys",
    "Before anything is made, the program also makes sure that:",
    checks.map((check) => `- ${check.title}`).join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function introduction(): string {
  return [
    `A site is one stack, and a stack is one file: \`stacks/Pulumi.<stack>.yaml\`. Each section is a key`,
    `\`${namespace}:<section>\` under \`config:\`. To start a site, copy a shipped file and edit it. With the line`,
    "`# yaml-language-server: $schema=./site.schema.json` on top, an editor knows every key.",
    "A file with mistakes gets all of them at once, each with its line, and nothing is created.",
  ].join("\n");
}

function sectionText(name: string, schema: Schema): string {
  const plain = bare(schema);
  const heading = `## ${namespace}:${name}`;
  const about = `${metaOf(schema).description ?? ""} ${isOptional(schema) ? "May be left out." : "Required."}`.trim();
  if (plain instanceof z.ZodUnion) {
    const options = (plain.options as Schema[]).map(
      (option) => `${metaOf(option).description ?? ""}\n\n${keyTable(name, option)}`,
    );
    return [heading, isOptional(schema) ? "May be left out." : "Required; one of these:", ...options].join("\n\n");
  }
  return [heading, about, keyTable(name, schema)].join("\n\n");
}

function keyTable(name: string, schema: Schema): string {
  return table(["Key", "Value", "Default", "Meaning"], rows(name, schema));
}

/** One row a key, and one a group of keys before its own. */
function rows(path: string, schema: Schema): string[][] {
  return children(schema).flatMap(([key, child]) => {
    const at = key.startsWith("[") ? `${path}${key}` : `${path}.${key}`;
    return [row(at, child), ...rows(at, child)];
  });
}

function children(schema: Schema): [string, Schema][] {
  const plain = bare(schema);
  if (plain instanceof z.ZodObject) {
    return Object.entries(plain.shape as Record<string, Schema>);
  }
  if (plain instanceof z.ZodRecord && isGroup(plain.valueType as Schema)) {
    return [["<name>", plain.valueType as Schema]];
  }
  if (plain instanceof z.ZodArray && isGroup(plain.element as Schema)) {
    return [["[]", plain.element as Schema]];
  }
  // The keys of alternatives, of which one is chosen, follow one another.
  return plain instanceof z.ZodUnion ? (plain.options as Schema[]).flatMap(children) : [];
}

function isGroup(schema: Schema): boolean {
  const plain = bare(schema);
  return plain instanceof z.ZodObject || plain instanceof z.ZodUnion;
}

function row(path: string, schema: Schema): string[] {
  // A name or a list item is neither required nor defaulted: there may be any number of them.
  const many = /(<name>|\[\])$/.test(path);
  return [code(path), valueText(schema), many ? "" : defaultText(schema), metaOf(schema).description ?? ""];
}

function valueText(schema: Schema): string {
  const plain = bare(schema);
  if (plain instanceof z.ZodUnion) {
    return `one of the keys ${(plain.options as Schema[])
      .flatMap(children)
      .map(([key]) => key)
      .join(", ")}`;
  }
  if (plain instanceof z.ZodRecord) {
    return `by name: ${expectedText(plain.keyType as Schema)}`;
  }
  if (plain instanceof z.ZodArray && isGroup(plain.element as Schema)) {
    return "a list";
  }
  return plain instanceof z.ZodObject ? "the keys below" : expectedText(schema);
}

function defaultText(schema: Schema): string {
  if (schema instanceof z.ZodDefault) {
    return code(JSON.stringify(schema.def.defaultValue));
  }
  return schema instanceof z.ZodPrefault ? "as below" : isOptional(schema) ? "none" : "required";
}
