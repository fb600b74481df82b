import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Folder of everything reusable that the toolchain and the lab build or keep, outside the tree.
 *
 * @returns `$ATLAS_SITE_CACHE`, else `$XDG_CACHE_HOME/atlas-site`, else `~/.cache/atlas-site`; always absolute.
 */
export function cacheDir(): string {
  const own = process.env.ATLAS_SITE_CACHE;
  if (own) return resolve(own);
  return resolve(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "atlas-site");
}
