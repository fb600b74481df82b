/** Property values as they travel to the engine: secrets wrapped, unknowns as a marker. */

/** Marks a wrapped value (a secret, an asset, …) on the wire. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** The signature's value for a secret. */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** What a value that is not known before the update looks like on the wire. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What stands for a secret's value in `masked`. */
export const HIDDEN = "[secret]";

/** Inputs or outputs of a resource as plain values. */
export type Properties = Record<string, unknown>;

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecret(value: unknown): value is Properties {
  return isObject(value) && value[SIGNATURE] === SECRET;
}

/** A copy with `change` applied to every secret, which then stands in the secret's place. */
function mapSecrets(value: unknown, path: string, change: (inner: unknown, path: string) => unknown): unknown {
  if (isSecret(value)) {
    return change(value.value, path);
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => mapSecrets(item, `${path}[${index}]`, change));
  }
  if (isObject(value)) {
    const below = (key: string) => (path === "" ? key : `${path}.${key}`);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapSecrets(item, below(key), change)]));
  }
  return value;
}

/** The values themselves, secrets unwrapped. */
export function plain(value: unknown): unknown {
  return mapSecrets(value, "", (inner) => plain(inner));
}

/** What anybody may read of it: every secret's value hidden. */
export function masked(value: unknown): unknown {
  return mapSecrets(value, "", () => HIDDEN);
}

/** Paths of the secrets, e.g. `userData` or `stringData.token-secret`. */
export function secretPaths(value: unknown): string[] {
  const paths: string[] = [];
  mapSecrets(value, "", (_, path) => paths.push(path));
  return paths;
}

/** Every text inside a value, in all depth. */
export function texts(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
