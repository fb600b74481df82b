import { createHash } from "node:crypto";
import { existsSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { buildAll } from "./build";
import { cacheDir } from "./cache";
import { findGo } from "./goCompiler";
import { inventory, modules } from "./inventory";
import { withLockUnless } from "./lock";
import { missing, storedName, type Decision, type Wanted } from "./missing";
import { modulesFolder, wantedBinaries } from "./moduleFiles";
import { lookAround } from "./present";

/** A folder with every binary under its own name. */
export interface Toolchain {
  /** Put it first on PATH, or take paths from `binary`. */
  binDir: string;
  /** Cache folder of this project, which also holds the lab and its machine image. */
  cacheDir: string;
  /**
   * Path of one binary.
   *
   * @throws Error when it was not asked for with `only`
   */
  binary(name: string): string;
  /**
   * What identifies one binary's content: a cache key, or an installed one's path and version. For keys of what is made
   * from it.
   */
  key(name: string): string;
}

/** Options of `ensureToolchain`. */
export interface ToolchainOptions {
  /** Names of the binaries needed; when absent all but those that are built on demand. */
  only?: readonly string[];
  /** Gets progress lines, with the seconds since the start; by default they go to standard error. */
  log?: (line: string) => void;
}

/**
 * Makes sure that the binaries are there: takes installed ones where they fit, finds built ones, builds the rest.
 *
 * @throws Error when Go is missing or too old, a name is unknown, or a build fails; each says what to do
 */
export async function ensureToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const started = Date.now();
  const print = options.log ?? ((line: string) => process.stderr.write(`${line}\n`));
  const log = (line: string) =>
    print(`[toolchain ${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}`);
  const cache = cacheDir();
  const store = join(cache, "toolchain", "store");
  const go = await findGo(join(modulesFolder, modules[0].folder), cache);
  const wanted = wantedBinaries(go, options.only);

  let decision = missing(wanted, await lookAround(store, cache));
  const unbuilt = decision.build.flatMap((job) => job.wanted);
  if (unbuilt.length > 0) {
    const build = async () => {
      // Decided again: the last owner of the lock may have built just these. A module is built whole, since its
      // compiled packages are removed afterwards: binaries that are asked for later would have to start again.
      const present = await lookAround(store, cache);
      const modulesToBuild = missing(wanted, present).build.map(({ module }) => module.folder);
      const every = inventory().map(({ binary }) => binary.name);
      const jobs = missing(wantedBinaries(go, every), present).build.filter(({ module }) =>
        modulesToBuild.includes(module.folder),
      );
      const count = jobs.reduce((sum, job) => sum + job.wanted.length, 0);
      if (count === 0) return;
      log(`${count} binaries of ${jobs.length} modules are to be built`);
      await buildAll(jobs, { cacheDir: cache, store, log });
    };
    // Another build holds the lock until its last module is done, perhaps long after what is wanted here.
    const areStored = () => unbuilt.every((item) => existsSync(join(store, storedName(item))));
    await withLockUnless(areStored, join(cache, "toolchain", "build.lock"), "the toolchain", log, build);
    decision = missing(wanted, await lookAround(store, cache));
  }
  return assemble(wanted, decision, store, cache, go);
}

/**
 * One folder for each set of versions, filled as binaries are asked for: two checkouts of this project that share a
 * cache never see each other's binaries.
 */
function assemble(
  wanted: readonly Wanted[],
  decision: Decision,
  store: string,
  cache: string,
  go: { version: string; platform: string },
): Toolchain {
  const set = createHash("sha256");
  const every = inventory().map(({ binary }) => binary.name);
  for (const { binary, key } of wantedBinaries(go, every)) set.update(`${binary.name} ${key}\n`);
  for (const path of [...decision.installed.values()].sort()) set.update(`${path}\n`);
  const binDir = join(cache, "toolchain", `set-${set.digest("hex").slice(0, 12)}`);
  mkdirSync(binDir, { recursive: true });
  for (const { binary } of wanted) {
    const target = join(binDir, binary.name);
    if (existsSync(target)) continue;
    const fresh = `${target}.${process.pid}`;
    rmSync(fresh, { force: true });
    const installed = decision.installed.get(binary.name);
    // A hard link is copied as the file itself; an installed binary may be on another file system.
    if (installed !== undefined) symlinkSync(installed, fresh);
    else linkSync(join(store, decision.stored.get(binary.name)!), fresh);
    renameSync(fresh, target);
  }
  return {
    binDir,
    cacheDir: cache,
    binary(name) {
      const path = join(binDir, name);
      if (!existsSync(path)) {
        throw new Error(`${name} is not in ${binDir}: ask for it with ensureToolchain({ only: [..., "${name}"] }).`);
      }
      return path;
    },
    key(name) {
      const installed = decision.installed.get(name);
      if (installed !== undefined) return installed;
      const found = wanted.find(({ binary }) => binary.name === name);
      if (found === undefined) throw new Error(`${name} was not asked for of this toolchain`);
      return found.key;
    },
  };
}
