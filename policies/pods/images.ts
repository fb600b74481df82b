/** Names of images, taken apart, and where a pod has them. */
import type { Field } from "../model/field";
import { containersOf, nameOf, type Pod } from "../model/pods";
import { show } from "../model/podSecurity";

/** An image that a pod runs or mounts. */
export interface PodImage {
  /** How a message calls the container or volume. */
  readonly of: string;
  readonly image: Field;
}

/** Every image of a pod: of its containers, and of volumes made from images. @throws UnknownField */
export function imagesOf(pod: Pod): PodImage[] {
  const mounted = pod.spec
    .at("volumes")
    .items.filter((volume) => volume.known && volume.at("image").present)
    .map((volume) => ({ of: `volume ${show(volume.at("name"))}`, image: volume.at("image", "reference") }));
  return [
    ...containersOf(pod).map((container) => ({ of: nameOf(container), image: container.at("image") })),
    ...mounted,
  ];
}

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
  const [named = "", digest] = image.split("@", 2);
  // A colon before the last slash belongs to the registry's port.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tagged = colon === -1 ? {} : { tag: named.slice(colon + 1) };
  return {
    repository: colon === -1 ? named : named.slice(0, colon),
    ...tagged,
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Hexadecimal digits of a digest by its algorithm, of those that runtimes read. */
const DIGITS: Readonly<Record<string, number | undefined>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Whether an image is named by a complete digest. */
export function hasDigest(image: string): boolean {
  const [algorithm = "", hex, ...rest] = partsOf(image).digest?.split(":") ?? [];
  return rest.length === 0 && hex !== undefined && DIGITS[algorithm] === hex.length && /^[0-9a-f]+$/.test(hex);
}

/** An image's repository with its registry: a name without one is Docker Hub's. */
export function fullName(image: string): string {
  const { repository } = partsOf(image);
  const [first = "", ...rest] = repository.split("/");
  const registry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return registry ? repository : `docker.io/${rest.length > 0 ? "" : "library/"}${repository}`;
}

/** Whether an image is from one of these registries, folders in them, or repositories. */
export function isFrom(image: string, registries: readonly string[]): boolean {
  const full = fullName(image);
  return registries
    .map((registry) => registry.replace(/\/+$/, ""))
    .some((registry) => full === registry || full.startsWith(`${registry}/`));
}
