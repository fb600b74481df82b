import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { execFile } from "node:child_process";

const run = promisify(execFile);

/** Where Go keeps the compiled standard library, on which every module's build starts. */
export function standardLibraryCache(cacheDir: string): string {
  return join(cacheDir, "go", "compiled", "std");
}

/**
 * Go's build caches, one per module. Modules hardly share a compiled package, because each pins its dependencies as
 * its own upstream does; one cache for all of them held 26 GB at the end. A module's cache is removed once its binaries
 * are built, so the disk holds those of the running builds only.
 *
 * Each starts as a copy, by hard links, of a cache with the standard library, which all modules do share. That one
 * stays: it saves a minute of processor time whenever a single module is built again.
 */
export class BuildCaches {
  private standardLibrary?: Promise<void>;

  /**
   * @param compileStandardLibrary fills Go's build cache in the given folder
   */
  constructor(
    private readonly cacheDir: string,
    private readonly compileStandardLibrary: (buildCache: string) => Promise<void>,
  ) {}

  /** The build cache of a module; one that a killed build has left is used further. */
  async open(module: string): Promise<string> {
    this.standardLibrary ??= this.compileStandardLibrary(standardLibraryCache(this.cacheDir));
    await this.standardLibrary;
    const folder = this.folderOf(module);
    if (existsSync(folder)) return folder;
    const partial = `${folder}.part`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(join(folder, ".."), { recursive: true });
    await run("cp", ["--archive", "--link", standardLibraryCache(this.cacheDir), partial]);
    renameSync(partial, folder);
    return folder;
  }

  /** Removes the build cache of a module. */
  async drop(module: string): Promise<void> {
    await rm(this.folderOf(module), { recursive: true, force: true });
  }

  private folderOf(module: string): string {
    return join(this.cacheDir, "go", "compiled", `module-${module}`);
  }
}
