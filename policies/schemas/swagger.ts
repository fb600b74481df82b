/** Reduces Kubernetes' OpenAPI description to what a strict check needs: kinds, fields, their types, which are required. */

/** The part of the description that is read. */
export interface Swagger {
  readonly definitions: Readonly<Record<string, SwaggerDefinition>>;
}

interface SwaggerType {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly items?: SwaggerType;
  readonly additionalProperties?: SwaggerType;
}

interface SwaggerDefinition extends SwaggerType {
  readonly properties?: Readonly<Record<string, SwaggerType>>;
  readonly required?: readonly string[];
  readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[];
}

/**
 * A type in one word: `string`, `integer`, `number`, `boolean`, `any`, `object`, `int-or-string`, `quantity`, or the name of
 * a definition; `[]` before it makes it a list, `{}` a map.
 */
export type TypeName = string;

/** Fields of a definition. */
export interface Definition {
  readonly fields: Readonly<Record<string, TypeName>>;
  readonly required?: readonly string[];
}

/** Something that is so in some of the versions; in all where none is named. */
export type In<T> = T & { readonly in?: readonly string[] };

/** Descriptions of several versions in one. */
export interface Schemas {
  readonly versions: readonly string[];
  /** By `apiVersion Kind`. */
  readonly kinds: Readonly<Record<string, In<{ readonly definition: string }>>>;
  readonly definitions: Readonly<Record<string, readonly In<Definition>[]>>;
}

/** Definitions that are no map of fields. */
const SPECIAL: Readonly<Record<string, TypeName>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
};

function short(name: string): string {
  return name.replace(
    /^io\.k8s\.(api|apimachinery\.pkg|kube-aggregator\.pkg\.apis|apiextensions-apiserver\.pkg\.apis)\./,
    "",
  );
}

function typeOf(type: SwaggerType, definitions: Swagger["definitions"]): TypeName {
  if (type.$ref !== undefined) {
    const name = type.$ref.replace("#/definitions/", "");
    const referred = definitions[name];
    return (
      SPECIAL[name] ??
      (referred?.properties === undefined ? typeOf({ ...referred, $ref: undefined }, definitions) : short(name))
    );
  }
  switch (type.type) {
    case "array":
      return `[]${typeOf(type.items ?? {}, definitions)}`;
    case "object":
      return type.additionalProperties === undefined ? "object" : `{}${typeOf(type.additionalProperties, definitions)}`;
    case undefined:
      return "any";
    default:
      return type.format === "int-or-string" ? "int-or-string" : type.type;
  }
}

function definitionOf({ properties = {}, required }: SwaggerDefinition, all: Swagger["definitions"]): Definition {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, typeOf(type, all)]));
  return required === undefined ? { fields } : { fields, required };
}

/** Equal values of several versions become one, with the versions unless it is all of them. */
function merge<T extends object>(values: readonly (readonly [string, T])[], versions: readonly string[]): In<T>[] {
  const byText = new Map<string, { readonly value: T; readonly in: string[] }>();
  for (const [version, value] of values) {
    const text = JSON.stringify(value);
    const known = byText.get(text) ?? { value, in: [] };
    byText.set(text, known);
    known.in.push(version);
  }
  return [...byText.values()].map((one) =>
    one.in.length === versions.length ? one.value : { in: one.in, ...one.value },
  );
}

function perName<T extends object>(
  swaggers: readonly (readonly [string, Swagger])[],
  read: (swagger: Swagger) => readonly (readonly [string, T])[],
): Record<string, In<T>[]> {
  const all = swaggers.flatMap(([version, swagger]) =>
    read(swagger).map(([name, value]) => ({ name, version, value })),
  );
  const versions = swaggers.map(([version]) => version);
  const names = [...new Set(all.map(({ name }) => name))].sort();
  const byName = new Map(names.map((name) => [name, [] as [string, T][]]));
  all.forEach(({ name, version, value }) => byName.get(name)?.push([version, value]));
  return Object.fromEntries([...byName].map(([name, values]) => [name, merge(values, versions)]));
}

/** Puts the descriptions of several minor versions into one. */
export function mergedSchemas(swaggers: readonly (readonly [string, Swagger])[]): Schemas {
  const kinds = perName(swaggers, ({ definitions }) =>
    Object.entries(definitions).flatMap(([name, definition]) => {
      const named = definition["x-kubernetes-group-version-kind"] ?? [];
      // Options of a request, which every group has, are no objects.
      return named.length > 1
        ? []
        : named.map(({ group, version, kind }) => {
            const apiVersion = group === "" ? version : `${group}/${version}`;
            return [`${apiVersion} ${kind}`, { definition: short(name) }] as const;
          });
    }),
  );
  const definitions = perName(swaggers, ({ definitions: all }) =>
    Object.entries(all)
      .filter(([, { properties }]) => properties !== undefined)
      .map(([name, definition]) => [short(name), definitionOf(definition, all)] as const),
  );
  return {
    versions: swaggers.map(([version]) => version),
    kinds: Object.fromEntries(
      Object.entries(kinds).flatMap(([name, [kind]]) => (kind === undefined ? [] : [[name, kind] as const])),
    ),
    definitions,
  };
}

/**
 * The file: a line for each kind and definition, so that a new release changes only the lines that differ.
 * @param releases release that each minor was read from
 */
export function schemaText(
  { versions, kinds, definitions }: Schemas,
  releases: Readonly<Record<string, string>>,
): string {
  const lines = (values: object) =>
    Object.entries(values)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(",\n");
  return `{\n  "releases": ${JSON.stringify(releases)},\n  "versions": ${JSON.stringify(versions)},\n  "kinds": {\n${lines(kinds)}\n  },\n  "definitions": {\n${lines(definitions)}\n  }\n}\n`;
}
