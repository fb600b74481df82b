import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { cacheKey, isInput } from "./cacheKey";
import { inventory } from "./inventory";
import type { Wanted } from "./missing";
import type { Module } from "./module";

/** Where the module folders are. */
export const modulesFolder = join(__dirname, "go");

/**
 * All files of a module folder.
 *
 * @throws Error when the folder is missing: the inventory and the tree then disagree
 */
export function readModule(module: Module): Map<string, Buffer> {
  const folder = join(modulesFolder, module.folder);
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path), readFileSync(path));
  }
  return files;
}

/**
 * The wanted binaries with their keys.
 *
 * @param only names of binaries; when absent all but those of modules that are built on demand
 * @throws Error for a name that the inventory does not have
 */
export function wantedBinaries(go: { version: string; platform: string }, only?: readonly string[]): Wanted[] {
  const all = inventory();
  const unknown = (only ?? []).filter((name) => !all.some(({ binary }) => binary.name === name));
  if (unknown.length > 0) {
    const known = all.map(({ binary }) => binary.name).sort();
    throw new Error(`No such binary in the toolchain: ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
  }
  const contents = new Map<Module, Map<string, Buffer>>();
  return all
    .filter(({ binary, module }) => (only === undefined ? module.onDemand !== true : only.includes(binary.name)))
    .map(({ binary, module }) => {
      if (!contents.has(module)) contents.set(module, readModule(module));
      const packages = module.binaries.map((other) => other.package);
      const files = new Map([...contents.get(module)!].filter(([path]) => isInput(path, binary, packages)));
      return {
        binary,
        module,
        key: cacheKey(module, binary, { files, goVersion: go.version, platform: go.platform }),
      };
    });
}
