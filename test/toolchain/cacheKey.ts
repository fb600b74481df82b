import { createHash } from "node:crypto";
import type { Binary, Module } from "./module";

/** What a build depends on besides the inventory. All of it is hashed; nothing else may change a binary. */
export interface BuildInputs {
  /** Path relative to the module folder → content. Order does not matter. */
  files: ReadonlyMap<string, string | Uint8Array>;
  /** What `go env GOVERSION` prints, e.g. `go1.26.8`. */
  goVersion: string;
  /** Target as Go writes it, e.g. `linux/amd64`. */
  platform: string;
}

/** Flags of every `go build`. Without symbol tables a binary is a third smaller; without paths it is reproducible. */
export const buildFlags = ["-trimpath"] as const;

/**
 * Flags of every compilation that no key holds, since they change no instruction of a binary (only the line in its build
 * information that names them). Debug information never reaches the binaries, by `-s`; without it the compiled
 * packages take a fifth to a quarter less disk.
 */
export const compileFlags = ["-gcflags=all=-dwarf=false"] as const;

/** Environment of every `go build`. No cgo: a binary must run in images and trees with another libc. */
export const buildEnvironment = { CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOWORK: "off" } as const;

/** The `-ldflags` value of a module's binaries. */
export function linkerFlags(module: Module): string {
  const stamps = Object.entries(module.stamps ?? {}).map(([variable, value]) => `-X ${variable}=${value}`);
  return ["-s -w", ...stamps].join(" ");
}

/**
 * Name under which a built binary is kept: equal inputs give equal keys on every machine.
 *
 * @returns 16 hexadecimal digits: 64 bits, ample for the few hundred builds a cache ever holds
 */
export function cacheKey(module: Module, binary: Binary, inputs: BuildInputs): string {
  const hash = createHash("sha256");
  // Each item is written with its length, so that no two different lists give the same bytes.
  const add = (item: string | Uint8Array) => {
    const bytes = typeof item === "string" ? Buffer.from(item) : item;
    hash.update(`${bytes.length}:`).update(bytes);
  };
  add(inputs.goVersion);
  add(inputs.platform);
  add(buildFlags.join(" "));
  add(JSON.stringify(buildEnvironment));
  add(linkerFlags(module));
  if (module.tags !== undefined) add(`tags ${module.tags.join(",")}`);
  add(JSON.stringify([module.embeds ?? null, module.additions ?? null]));
  add(binary.name);
  add(binary.package);
  for (const path of [...inputs.files.keys()].sort()) {
    add(path);
    add(inputs.files.get(path)!);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Which files of a module folder a binary depends on. A main of ours counts for its own binary only. */
export function isInput(path: string, binary: Binary, allPackages: readonly string[]): boolean {
  const ownFolder = binary.package.startsWith("./") ? `${binary.package.slice(2)}/` : undefined;
  const othersFolders = allPackages
    .filter((name) => name.startsWith("./") && name !== binary.package)
    .map((name) => `${name.slice(2)}/`);
  if (ownFolder !== undefined && path.startsWith(ownFolder)) return true;
  return !othersFolders.some((folder) => path.startsWith(folder));
}
