/** Manifests on disk. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** A file as it was read. */
export interface ManifestFile {
  readonly path: string;
  readonly text: string;
}

const MANIFEST = /\.(ya?ml|json)$/i;

/**
 * YAML and JSON files below a folder, sorted; a file by itself, whatever its name.
 * @returns paths relative to the folder
 * @throws Error when there is no such folder or file
 */
export function manifestsBelow(place: string): ManifestFile[] {
  if (!statSync(place).isDirectory()) {
    return [{ path: place, text: readFileSync(place, "utf8") }];
  }
  const entries = readdirSync(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && MANIFEST.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(place, path).split("/").includes("node_modules"))
    .sort()
    .map((path) => ({ path: relative(place, path), text: readFileSync(path, "utf8") }));
}
