/** What to write instead of a value that the schema refuses: every text given here is one that the schema accepts. */
import { z } from "zod";
import { exampleOf, metaOf, type Schema } from "./walk";

/** Whether a schema accepts a value. */
export function isAccepted(schema: Schema, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}

/** What a text with the usual slips was meant as, the smallest change first. */
export function repairedText(value: string): string[] {
  const trimmed = value.trim();
  const lower = trimmed.toLowerCase();
  const origin = URL.canParse(trimmed) ? new URL(trimmed).origin : lower;
  const bare = lower.replace(/^[a-z]+:\/\//, "").replace(/\/+$/, "");
  return [trimmed, lower, origin, bare, lower.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "")];
}

/** A name that the mapping accepts and has not yet: the written one repaired, else an example. */
export function nameFix(name: string, names: Schema, mapping: unknown): string {
  const isFree = (one: string) => !isMapping(mapping) || !Object.hasOwn(mapping, one);
  const examples = [exampleOf(names), ...(metaOf(names).examples ?? [])].map(String);
  const numbered = examples.flatMap((one) => [2, 3, 4, 5].map((n) => `${one}-${n}`));
  const named = [...repairedText(name), ...examples, ...numbered].find((one) => isAccepted(names, one) && isFree(one));
  return named === undefined ? "rename it" : `write e.g. ${plainText(named)}`;
}

/** A value as YAML has it where that needs no quotes. */
export function plainText(value: unknown): string {
  return typeof value === "string" && /^[\w./-]+$/.test(value) && Number.isNaN(Number(value))
    ? value
    : (JSON.stringify(value) ?? "nothing");
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
