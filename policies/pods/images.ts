/** Names of images, taken apart. */

/** Parts of an image's name. */
export interface ImageParts {
  /** Registry and repository as written, e.g. `registry.k8s.io/pause`. */
  readonly repository: string;
  readonly tag?: string;
  /** e.g. `sha256:…`. */
  readonly digest?: string;
}

/** Takes an image's name apart. */
export function partsOf(image: string): ImageParts {
  const [named, digest] = image.split("@", 2);
  // A colon before the last slash belongs to the registry's port.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tagged = colon === -1 ? {} : { tag: named.slice(colon + 1) };
  return {
    repository: colon === -1 ? named : named.slice(0, colon),
    ...tagged,
    ...(digest === undefined ? {} : { digest }),
  };
}

/** An image's repository with its registry: a name without one is Docker Hub's. */
export function fullName(image: string): string {
  const { repository } = partsOf(image);
  const [first, ...rest] = repository.split("/");
  const registry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return registry ? repository : `docker.io/${rest.length > 0 ? "" : "library/"}${repository}`;
}
