import { lstatSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./command";

/** What no program in a container reads; and tc's plugins, which need libraries that Debian only recommends. */
const unwanted =
  /^\/usr\/share\/(doc|man|info|locale|lintian|bash-completion|bug)(\/|$)|^\/(var|etc\/init\.d|etc\/cron|lib\/systemd|usr\/lib\/(systemd|([\w-]+\/)?tc))(\/|$)/;

/** The merged folders of Debian 12; they are links and belong to the lowest slice. */
export const mergedFolders = ["bin", "sbin", "lib", "lib64"] as const;

/**
 * Paths of a Debian tree that make up some packages together with all shared libraries their programs need.
 *
 * @param tree an installed Debian 12 tree
 * @param packages names of installed packages
 * @returns files and links, relative to the tree, with merged folders resolved (`usr/bin/bash`, not `bin/bash`); sorted
 * @throws Error when a package is not installed there
 */
export async function sliceFiles(tree: string, packages: readonly string[]): Promise<string[]> {
  const listed = packages.flatMap((name) => packageFiles(tree, name)).filter((path) => !unwanted.test(path));
  const files = new Set<string>();
  for (const path of listed) {
    const kind = lstatSync(join(tree, path), { throwIfNoEntry: false });
    if (kind?.isFile() || kind?.isSymbolicLink()) files.add(mergedPath(tree, path));
  }
  const programs = [...files].filter((path) => isElf(join(tree, path)));
  for (const library of await sharedLibraries(tree, programs)) {
    for (const path of withLinkTargets(tree, mergedPath(tree, library))) files.add(path);
  }
  return [...files].sort();
}

/** dpkg's own list of a package's paths; libraries' lists carry the architecture in their name. */
function packageFiles(tree: string, name: string): string[] {
  for (const list of [`${name}.list`, `${name}:amd64.list`, `${name}:arm64.list`]) {
    try {
      return readFileSync(join(tree, "var/lib/dpkg/info", list), "utf8")
        .trim()
        .split("\n");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error(`Debian package ${name} is not installed in ${tree}: add it to the tree's package list.`);
}

/** The path with its folder's links followed, the last part left as it is. */
function mergedPath(tree: string, path: string): string {
  const folder = realpathSync(join(tree, dirname(path)));
  return join(folder.slice(realpathSync(tree).length), path.slice(dirname(path).length)).replace(/^\//, "");
}

/** A library's name is a link to the file with its version: both are wanted. */
function withLinkTargets(tree: string, path: string): string[] {
  if (!lstatSync(join(tree, path)).isSymbolicLink()) return [path];
  const target = readlinkSync(join(tree, path));
  const next = target.startsWith("/") ? target : join("/", dirname(path), target);
  return [path, ...withLinkTargets(tree, mergedPath(tree, next))];
}

function isElf(path: string): boolean {
  if (!lstatSync(path).isFile()) return false;
  return readFileSync(path)
    .subarray(0, 4)
    .equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
}

/** Asks the tree's own dynamic linker, so that the host's libraries play no part. */
async function sharedLibraries(tree: string, programs: readonly string[]): Promise<Set<string>> {
  const libraries = new Set<string>();
  if (programs.length === 0) return libraries;
  const text = await run("chroot", tree, "ldd", ...programs.map((path) => `/${path}`));
  for (const line of text.split("\n")) {
    if (/=> not found/.test(line)) throw new Error(`A program of ${tree} lacks a library: ${line.trim()}`);
    const path = /(?:=> )?(\/\S+) \(0x/.exec(line);
    if (path) libraries.add(path[1]);
  }
  return libraries;
}
