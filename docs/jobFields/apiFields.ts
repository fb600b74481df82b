/** The fields of a Job in each minor of Kubernetes, as its API server describes them (OpenAPI). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../../versions";

/** Fields by type. A field's type is a name of this map or a plain one; `[]` before it is a list, `{}` a map. */
export type ApiTypes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The types of one version. */
export interface ApiFields {
  /** Exact version, e.g. `v1.36.3`. */
  readonly kubernetes: string;
  /** Every type that a Job leads to; `Job` among them. */
  readonly types: ApiTypes;
}

/** As much of a schema in an OpenAPI document as is read here. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const JOB = "io.k8s.api.batch.v1.Job";

function target(schema: Schema): string | undefined {
  return schema.$ref?.split("/").at(-1) ?? schema.allOf?.map(target).find((name) => name !== undefined);
}

const shortName = (name: string) => name.split(".").at(-1)!;

function typeText(schema: Schema): string {
  const name = target(schema);
  if (name !== undefined) {
    return shortName(name);
  }
  if (schema.type === "array") {
    return `[]${typeText(schema.items ?? {})}`;
  }
  return schema.additionalProperties === undefined
    ? (schema.type ?? "any")
    : `{}${typeText(schema.additionalProperties)}`;
}

function targets(schema: Schema): string[] {
  const below = [schema.items, schema.additionalProperties].filter((one) => one !== undefined);
  return [target(schema), ...below.flatMap(targets)].filter((name) => name !== undefined);
}

/**
 * The types that a Job leads to.
 * @param schemas `components.schemas` of the OpenAPI document of batch/v1
 * @throws Error when two types have the same short name
 */
export function jobTypes(schemas: Readonly<Record<string, Schema>>): ApiTypes {
  const types: Record<string, Record<string, string>> = {};
  const fullNames = new Map<string, string>();
  const visit = (name: string) => {
    const { properties } = schemas[name] ?? {};
    const short = shortName(name);
    const seen = fullNames.get(short);
    if (seen !== undefined && seen !== name) {
      throw new Error(`two types of a Job are called ${short}: ${seen} and ${name}`);
    }
    if (properties === undefined || seen !== undefined) {
      return;
    }
    fullNames.set(short, name);
    types[short] = Object.fromEntries(Object.entries(properties).map(([field, one]) => [field, typeText(one)]));
    Object.values(properties).flatMap(targets).forEach(visit);
  };
  visit(JOB);
  return types;
}

/** File of a minor, e.g. of `1.36`, by its path in the tree. */
export function fieldsFile(minor: string): string {
  return `docs/jobFields/${minor}.json`;
}

/** Text of that file. */
export function fieldsText(fields: ApiFields): string {
  return `${JSON.stringify(fields, undefined, 2)}\n`;
}

/** The fields of a minor that the program supports, from the file that `npm run generate -- fields` has written. */
export function apiFields(minor: string): ApiFields {
  return JSON.parse(readFileSync(join(__dirname, "..", "..", fieldsFile(minor)), "utf8")) as ApiFields;
}

/** The fields of every supported minor. */
export function supportedApiFields(): { readonly minor: string; readonly fields: ApiFields }[] {
  return versions.kubernetesMinors.map((minor) => ({ minor, fields: apiFields(minor) }));
}
