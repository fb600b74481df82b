import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { BuildCaches, standardLibraryCache } from "./buildCaches";
import { appendRecord } from "./buildRecord";
import { buildFlags, compileFlags, linkerFlags } from "./cacheKey";
import { diskUseMb } from "./diskUse";
import { runGo } from "./goCommand";
import { buildProcessEnvironment, goEnvironment } from "./goCompiler";
import { storedName, type Wanted } from "./missing";
import type { Module } from "./module";
import { modulesFolder } from "./moduleFiles";

const run = promisify(execFile);

/** How many modules are built at once. Go itself uses all cores; a second build fills the single-threaded stretches. */
const buildersAtOnce = 2;

/** How often a running build reports its progress, in milliseconds. */
const progressEvery = 20_000;

/** One module and those of its binaries that are to be built. */
export interface BuildJob {
  module: Module;
  wanted: Wanted[];
}

/** Folders of a build, and where its progress goes. */
export interface BuildPlace {
  cacheDir: string;
  /** Folder of finished binaries. Each is renamed into it, so a file there is always whole. */
  store: string;
  log: (line: string) => void;
}

/** What the running builds share. */
interface Build extends BuildPlace {
  caches: BuildCaches;
  /** Largest size of the cache folder that was seen, in MiB. */
  peakMb: number;
}

/**
 * Builds the jobs, two at a time. Killed and started again it continues: finished binaries are in the store, and
 * compiled packages in the module's own build cache, which is removed when its binaries are in the store.
 *
 * The caller holds the toolchain's lock.
 *
 * @throws Error of the first job that fails, after the other running one has ended
 */
export async function buildAll(jobs: readonly BuildJob[], place: BuildPlace): Promise<void> {
  removeRemains(join(place.store, ".."));
  const caches = new BuildCaches(place.cacheDir, (folder) => compileStandardLibrary(folder, place));
  const build: Build = { ...place, caches, peakMb: 0 };
  const waiting = [...jobs];
  const failures: unknown[] = [];
  const builder = async () => {
    for (let job = waiting.shift(); job !== undefined && failures.length === 0; job = waiting.shift()) {
      await buildModule(job, build).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: buildersAtOnce }, builder));
  if (failures.length > 0) throw failures[0];
  const left = await diskUseMb(place.cacheDir);
  place.log(`the cache folder took at most ${gb(build.peakMb)} GB during the builds, and takes ${gb(left)} GB now`);
}

/** Removes what a killed run has left. Only one run builds at a time, so nothing of this is in use. */
function removeRemains(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith("building-"))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

async function compileStandardLibrary(folder: string, { cacheDir, log }: BuildPlace): Promise<void> {
  const args = ["build", "-v", ...buildFlags, ...compileFlags, "std"];
  mkdirSync(folder, { recursive: true });
  const started = Date.now();
  const env = buildProcessEnvironment(cacheDir, folder);
  const { status, cpuSeconds, lines } = await runGo({ args, cwd: folder, env });
  if (status !== 0) throw new Error(failure(args, folder, status, lines));
  if (lines.length === 0) return;
  const seconds = (Date.now() - started) / 1000;
  const [compiledMb, cacheFolderMb] = [await diskUseMb(folder), await diskUseMb(cacheDir)];
  const figures = { seconds, cpuSeconds, packages: lines.length, compiledMb, cacheFolderMb };
  appendRecord(cacheDir, { module: "Go's std", binaries: [], ended: new Date().toISOString(), ...figures });
  log(`compiled Go's standard library in ${cpuSeconds.toFixed(0)} s of processor time`);
}

async function buildModule({ module, wanted }: BuildJob, build: Build): Promise<void> {
  mkdirSync(build.store, { recursive: true });
  // Beside the store, not in the system's temporary folder: a rename must stay within one file system.
  const scratch = mkdtempSync(join(build.store, "..", `building-${module.folder}-`));
  try {
    const buildCache = await build.caches.open(module.folder);
    const started = Date.now();
    const folder = await sourceFolder(module, scratch, build);
    const output = join(scratch, "bin");
    const temporary = join(scratch, "tmp");
    [output, temporary].forEach((path) => mkdirSync(path));
    const env = { ...buildProcessEnvironment(build.cacheDir, buildCache), GOTMPDIR: temporary };
    let [cpuSeconds, packages] = [0, 0];
    for (const group of buildableTogether(wanted)) {
      const used = await goBuild({ module, wanted: group, folder, output, env, log: build.log });
      cpuSeconds += used.cpuSeconds;
      packages += used.packages;
    }
    const seconds = (Date.now() - started) / 1000;
    // All that grows is largest here, just before something is removed.
    const standardLibraryMb = await diskUseMb(standardLibraryCache(build.cacheDir));
    const compiledMb = (await diskUseMb(buildCache)) - standardLibraryMb;
    const cacheFolderMb = await diskUseMb(build.cacheDir);
    build.peakMb = Math.max(build.peakMb, cacheFolderMb);
    for (const item of wanted) {
      const path = join(output, item.binary.name);
      chmodSync(path, 0o755);
      renameSync(path, join(build.store, storedName(item)));
    }
    await build.caches.drop(module.folder);
    const binaries = wanted.map(({ binary }) => binary.name);
    const ended = new Date().toISOString();
    appendRecord(build.cacheDir, {
      ...{ module: module.folder, binaries, ended, seconds, cpuSeconds, packages, compiledMb, cacheFolderMb },
    });
    build.log(
      `built ${names(wanted)} in ${seconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s of processor time; ` +
        `the cache folder held ${gb(cacheFolderMb)} GB, of which ${gb(compiledMb)} GB are removed now`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * One `go build` for several packages compiles what they share only once, but names each output after the last part of
 * its import path; a binary whose name differs is built by itself.
 */
function buildableTogether(wanted: readonly Wanted[]): Wanted[][] {
  const natural = wanted.filter(({ binary }) => basename(binary.package) === binary.name);
  const others = wanted.filter((item) => !natural.includes(item));
  return [natural, ...others.map((item) => [item])].filter((group) => group.length > 0);
}

/** The module folder itself, or a scratch copy where a module needs files of a required one, or adds some to it. */
async function sourceFolder(module: Module, scratch: string, { cacheDir }: BuildPlace): Promise<string> {
  const folder = join(modulesFolder, module.folder);
  const { embeds, additions } = module;
  if (embeds === undefined && additions === undefined) return folder;
  const copy = join(scratch, "source");
  cpSync(folder, copy, { recursive: true });
  const env = goEnvironment(cacheDir, standardLibraryCache(cacheDir));
  const go = async (...args: string[]) => (await run("go", args, { cwd: copy, env })).stdout.trim();
  const folderOf = async (required: string) => {
    await go("mod", "download", required);
    return go("list", "-m", "-f", "{{.Dir}}", required);
  };
  if (embeds !== undefined) {
    const source = await folderOf(embeds.module);
    for (const file of embeds.files) copyFileSync(join(source, file), join(copy, basename(file)));
  }
  if (additions !== undefined) {
    // Go refuses to lay files over its module cache, so the module itself is copied, and the copy put in its place.
    const added = join(copy, "with-additions");
    await run("cp", ["-r", "--no-preserve=mode", await folderOf(additions.module), added]);
    for (const [place, file] of Object.entries(additions.files)) {
      mkdirSync(join(added, dirname(place)), { recursive: true });
      copyFileSync(join(copy, file), join(added, place));
    }
    await go("mod", "edit", "-replace", `${additions.module}=./with-additions`);
  }
  return copy;
}

interface GoBuild {
  module: Module;
  /** Binaries to build with one command. */
  wanted: readonly Wanted[];
  folder: string;
  /** Where the binaries go. */
  output: string;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

async function goBuild(build: GoBuild): Promise<{ cpuSeconds: number; packages: number }> {
  const { module, wanted, folder, output, env, log } = build;
  // A trailing slash makes Go write one file per package into the folder.
  const target = wanted.length === 1 ? join(output, wanted[0].binary.name) : `${output}/`;
  const tags = module.tags === undefined ? [] : ["-tags", module.tags.join(",")];
  const flags = [...buildFlags, ...compileFlags, ...tags, "-ldflags", linkerFlags(module)];
  const args = ["build", "-v", ...flags, "-o", target, ...wanted.map(({ binary }) => binary.package)];
  log(`building ${names(wanted)}`);
  const started = Date.now();
  let packages = 0;
  const onLine = (line: string) => {
    // With -v, Go prints the import path of each package it compiles; anything with a space in it is a message.
    if (/^\S+$/.test(line)) packages++;
  };
  const progress = setInterval(() => {
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    log(`building ${names(wanted)}: ${packages} packages compiled in ${seconds} s`);
  }, progressEvery);
  const done = await runGo({ args, cwd: folder, env, onLine }).finally(() => clearInterval(progress));
  if (done.status !== 0) throw new Error(failure(args, folder, done.status, done.lines));
  return { cpuSeconds: done.cpuSeconds, packages };
}

function failure(args: readonly string[], folder: string, status: number | string, lines: readonly string[]): string {
  const messages = lines.filter((line) => line !== "" && !/^[\w.-]+(\/[\w.~-]+)*$/.test(line));
  return [
    `go build ended with ${status} in ${folder}:`,
    ...messages.slice(-15).map((line) => `  ${line}`),
    "Modules are fetched through GOPROXY: check that `go env GOPROXY` names a proxy this machine reaches.",
    `The command was: go ${args.map((arg) => (arg.includes(" ") ? `'${arg}'` : arg)).join(" ")}`,
  ].join("\n");
}

function names(wanted: readonly Wanted[]): string {
  return wanted.map(({ binary }) => binary.name).join(", ");
}

function gb(mib: number): string {
  return ((mib * 1.048576) / 1000).toFixed(1);
}
