/**
 * References of container images: registry, path, tag, digest, by the grammar of the OCI distribution specification.
 * Of three npm packages that parse them one takes seconds for 20 letters and a blank, one accepts blanks, and one is 1.7 MB
 * of compiled Go (docs/decisions/0004-libraries.md); the specification's own two expressions are all that is needed.
 */

/** A reference in its parts. */
export interface ImageReference {
  /** Host with its port, if any: it has a '.', a ':' or is `localhost`, or no registry is meant. */
  readonly registry: string;
  /** Path in the registry, name included: `atlas/grid-el9`. */
  readonly path: string;
  readonly tag?: string;
  /** Algorithm and hash: `sha256:…`. */
  readonly digest?: string;
}

const HOST =
  /^(localhost|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+)(:\d{1,5})?$|^[a-z0-9-]+:\d{1,5}$/;
const PATH = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
const LONGEST = 255;

/**
 * Parts of a reference that names its registry and a tag, a digest or both.
 * @returns undefined when the text is not one
 */
export function parseImage(text: string): ImageReference | undefined {
  const [named = "", digest, ...more] = text.split("@");
  const slash = named.indexOf("/");
  if (slash < 0 || more.length > 0 || text.length > 2 * LONGEST) {
    return undefined;
  }
  const [registry, rest] = [named.slice(0, slash), named.slice(slash + 1)];
  const colon = rest.indexOf(":");
  const [path, tag] = colon < 0 ? [rest, undefined] : [rest.slice(0, colon), rest.slice(colon + 1)];
  const right =
    HOST.test(registry) &&
    PATH.test(path) &&
    path.length <= LONGEST &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest)) &&
    (tag !== undefined || digest !== undefined);
  return right ? { registry, path, tag, digest } : undefined;
}

/** Registries in which anybody may publish: to allow one of them whole is to allow any image. */
const PUBLIC_REGISTRIES: ReadonlySet<string> = new Set([
  ...["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"],
  ...["quay.io", "ghcr.io", "gcr.io", "registry.gitlab.com", "public.ecr.aws"],
]);

/** Whether a text names a registry, with a path in it or not: `registry.example:5000/atlas`. */
export function isRegistryPath(text: string): boolean {
  const [host = "", ...path] = text.split("/");
  return HOST.test(host) && (path.length === 0 || PATH.test(path.join("/")));
}

/** Whether a registry is one in which anybody may publish. */
export function isPublicRegistry(host: string): boolean {
  return PUBLIC_REGISTRIES.has(host);
}
