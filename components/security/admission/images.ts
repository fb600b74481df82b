/** Where images of jobs may come from. */
import type { Queue, Security, Site } from "../../../stacks/site/site";
import { imageReference } from "../../../versions";
import { celList, celText } from "./rule";

/** Images that jobs may use. */
export interface AllowedImages {
  /** Beginnings of references, each a registry path that ends with '/'. */
  readonly paths: readonly string[];
  /** Single repositories, with any tag or digest. */
  readonly repositories: readonly string[];
}

/** What decides where images of jobs may come from. */
export interface ImageSources {
  /** The site's name, and the registry that mirrors its images. */
  readonly site: Site["site"];
  /** The stack file's security section. */
  readonly security: Pick<Security, "imageRegistries">;
  /** Queues of the site. */
  readonly queues: Readonly<Record<string, Pick<Queue, "image">>>;
}

/** Paths that anybody's images may have: no place of a site's own. */
const PUBLIC_PATHS = ["", "library/", "docker.io/library/"];

/** Whether a path is a registry as a whole: a host name or port, and no path in it. */
const isRegistry = (path: string) => /^([^/]*[.:][^/]*|localhost)\/$/.test(path);

/** The repository of a reference, without tag and digest. */
const repositoryOf = (image: string) => image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");

const unique = (texts: readonly string[]) => [...new Set(texts)].sort();

/**
 * A queue's image opens the registry path it is in, where that belongs to somebody: of a whole registry, or of a short name,
 * it opens nothing but its own repository. A registry that the site names is opened as it is named.
 */
export function allowedImages({ site, security, queues }: ImageSources): AllowedImages {
  const { registryPrefix } = site;
  const withMirror = (text: string) =>
    registryPrefix === undefined ? [text] : [text, imageReference(text, registryPrefix)];
  const repositories = Object.values(queues).flatMap(({ image }) => withMirror(image).map(repositoryOf));
  const pathOf = (repository: string) => repository.slice(0, repository.lastIndexOf("/") + 1);
  const isOwn = (path: string) => !PUBLIC_PATHS.includes(path) && !isRegistry(path);
  const named = security.imageRegistries.flatMap((registry) => withMirror(`${registry}/`));
  return {
    paths: unique([...repositories.map(pathOf).filter(isOwn), ...named.filter((path) => path !== "")]),
    repositories: unique(repositories.filter((repository) => !isOwn(pathOf(repository)))),
  };
}

/** Whether a container's image `c.image` is among them. */
export function imageExpression({ paths, repositories }: AllowedImages): string {
  const quoted = repositories.map((repository) => repository.replace(/[.+]/g, "\\$&"));
  const alternatives = [
    ...(paths.length === 0 ? [] : [`${celList(paths)}.exists(start, c.?image.orValue('').startsWith(start))`]),
    ...quoted.map(
      (one) => `c.?image.orValue('').matches(${celText(`^${one}(:[A-Za-z0-9_.-]+)?(@[a-z0-9]+:[0-9a-f]+)?$`)})`,
    ),
  ];
  return alternatives.length === 0 ? "false" : alternatives.join(" || ");
}
