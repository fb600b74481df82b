/** Questions to a zod schema: what stands at a path, which keys are allowed there, what is expected, what is an example. */
import { z } from "zod";
import type { Path } from "../problem";

/** Any schema of the kinds a site is made of. */
export type Schema = z.core.$ZodType;

/** The schema without the wrappers that make a key optional or give it a default. */
export function bare(schema: Schema): Schema {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? bare(schema.unwrap())
    : schema;
}

/** What a schema says about itself. */
export interface Meta {
  /** What is expected, as a phrase. */
  readonly title?: string;
  /** What the value means. */
  readonly description?: string;
  /** Values that show what is meant. */
  readonly examples?: unknown[];
  /** Unit of a number. */
  readonly unit?: string;
}

/** What a schema says about itself; a wrapper's word comes before that of what it wraps. */
export function metaOf(schema: Schema): Meta {
  const inner = bare(schema) === schema ? {} : metaOf((schema as z.ZodOptional<z.ZodType>).unwrap());
  return { ...inner, ...(z.globalRegistry.get(schema) as object | undefined) };
}

/** Whether a key with this schema may be left out. */
export function isOptional(schema: Schema): boolean {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
}

/**
 * The alternatives of a schema, those left that a value can be meant as: the ones whose fixed key it names
 * (`provisioner: kubeadm`), else the ones that know all of its keys, else all.
 */
export function alternatives(schema: Schema, value: unknown): Schema[] {
  const plain = bare(schema);
  if (!(plain instanceof z.ZodUnion)) {
    return [plain];
  }
  const options = plain.options as Schema[];
  if (typeof value !== "object" || value === null) {
    return options;
  }
  const record = value as Record<string, unknown>;
  const named = options.filter((option) => hasLiteral(option, record));
  const fitting = options.filter((option) => Object.keys(record).every((key) => keysOf(option).includes(key)));
  return named.length > 0 ? named : fitting.length > 0 && Object.keys(record).length > 0 ? fitting : options;
}

function hasLiteral(option: Schema, record: Record<string, unknown>): boolean {
  return (
    option instanceof z.ZodObject &&
    Object.entries(option.shape as Record<string, Schema>).some(
      ([key, field]) => field instanceof z.ZodLiteral && field.values.has(record[key] as never),
    )
  );
}

/** Keys a mapping with this schema may have; none when the schema is no object or its keys are free. */
export function keysOf(schema: Schema, value?: unknown): string[] {
  return [
    ...new Set(
      alternatives(schema, value).flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : [])),
    ),
  ];
}

/**
 * The schema that governs a path.
 * @param value the whole value, to choose among alternatives
 * @returns undefined when the path leads to a key the schema does not know
 */
export function schemaAt(schema: Schema, path: Path, value: unknown): Schema | undefined {
  const [key, ...rest] = path;
  if (key === undefined) {
    return schema;
  }
  const below = (value as Record<string | number, unknown> | null | undefined)?.[key];
  for (const option of alternatives(schema, value)) {
    const next = childOf(option, key);
    if (next !== undefined) {
      return schemaAt(next, rest, below);
    }
  }
  return undefined;
}

function childOf(schema: Schema, key: string | number): Schema | undefined {
  if (schema instanceof z.ZodObject) {
    return (schema.shape as Record<string, Schema>)[key];
  }
  if (schema instanceof z.ZodRecord) {
    return schema.valueType as Schema;
  }
  return schema instanceof z.ZodArray ? (schema.element as Schema) : undefined;
}

/** What is expected where this schema governs, as a phrase: `a whole number from 10 to 250`. */
export function expectedText(schema: Schema): string {
  const plain = bare(schema);
  const { title, unit } = metaOf(schema);
  if (title !== undefined) {
    return title;
  }
  if (plain instanceof z.ZodNumber) {
    return `a whole number${unit === undefined ? "" : ` of ${unit}`}${boundsText(plain.minValue, plain.maxValue)}`;
  }
  if (plain instanceof z.ZodEnum) {
    return `one of: ${plain.options.join(", ")}`;
  }
  if (plain instanceof z.ZodLiteral) {
    return [...plain.values].map((value) => JSON.stringify(value)).join(" or ");
  }
  if (plain instanceof z.ZodBoolean) {
    return "true or false";
  }
  if (plain instanceof z.ZodArray) {
    return `a list, each item ${expectedText(plain.element as Schema)}`;
  }
  if (plain instanceof z.ZodRecord) {
    return "a mapping from names to values";
  }
  if (plain instanceof z.ZodUnion) {
    return (plain.options as Schema[]).map((option) => expectedText(option)).join(", or ");
  }
  return plain instanceof z.ZodObject ? `a mapping with keys of: ${Object.keys(plain.shape).join(", ")}` : "text";
}

function boundsText(least: number | null, most: number | null): string {
  const bounded = most !== null && most < Number.MAX_SAFE_INTEGER;
  const floor = least !== null && least > Number.MIN_SAFE_INTEGER;
  return floor && bounded ? ` from ${least} to ${most}` : floor ? ` ≥ ${least}` : bounded ? ` ≤ ${most}` : "";
}

/** A value this schema accepts, the smallest that shows what is meant: what is optional is left out. */
export function exampleOf(schema: Schema): unknown {
  const plain = bare(schema);
  const { examples } = metaOf(schema);
  if (examples !== undefined) {
    return examples[0];
  }
  if (plain instanceof z.ZodObject) {
    const needed = Object.entries(plain.shape as Record<string, Schema>).filter(([, field]) => !isOptional(field));
    return Object.fromEntries(needed.map(([key, field]) => [key, exampleOf(field)]));
  }
  if (plain instanceof z.ZodNumber) {
    return plain.minValue;
  }
  if (plain instanceof z.ZodEnum) {
    return plain.options[0];
  }
  if (plain instanceof z.ZodLiteral) {
    return plain.value;
  }
  if (plain instanceof z.ZodUnion) {
    const [first] = plain.options as Schema[];
    return first === undefined ? undefined : exampleOf(first);
  }
  if (plain instanceof z.ZodArray) {
    return [exampleOf(plain.element as Schema)];
  }
  if (plain instanceof z.ZodRecord) {
    return { [String(exampleOf(plain.keyType as Schema))]: exampleOf(plain.valueType as Schema) };
  }
  return false;
}
