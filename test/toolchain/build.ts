import { execFile, spawn } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildFlags, linkerFlags } from "./cacheKey";
import { goEnvironment } from "./goCompiler";
import { storedName, type Wanted } from "./missing";
import type { Module } from "./module";
import { modulesFolder } from "./moduleFiles";

const run = promisify(execFile);

/** How many modules are built at once. Go itself uses all cores; a second build fills the single-threaded stretches. */
const buildersAtOnce = 2;

/** How often a running build says how far it is, in milliseconds. */
const progressEvery = 20_000;

/** One module and those of its binaries that are to be built. */
export interface BuildJob {
  module: Module;
  wanted: Wanted[];
}

/** What a build needs to know about its surroundings. */
export interface BuildPlace {
  cacheDir: string;
  /** Folder of finished binaries. Each is renamed into it, so a file there is always whole. */
  store: string;
  log: (line: string) => void;
}

/**
 * Builds the jobs, two at a time. Killed and started again it goes on where it was: finished binaries are in the
 * store, and compiled packages in Go's own build cache.
 *
 * The caller holds the toolchain's lock.
 *
 * @throws Error of the first job that fails, after the other running one has ended
 */
export async function buildAll(jobs: readonly BuildJob[], place: BuildPlace): Promise<void> {
  removeRemains(join(place.store, ".."));
  const waiting = [...jobs];
  const failures: unknown[] = [];
  const builder = async () => {
    for (let job = waiting.shift(); job !== undefined && failures.length === 0; job = waiting.shift()) {
      await buildModule(job, place).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: buildersAtOnce }, builder));
  if (failures.length > 0) throw failures[0];
}

/** What a killed run has left. Only one run builds at a time, so nothing of this is in use. */
function removeRemains(folder: string): void {
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith("building-"))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

async function buildModule({ module, wanted }: BuildJob, place: BuildPlace): Promise<void> {
  mkdirSync(place.store, { recursive: true });
  // Beside the store, not in the system's temporary folder: a rename must stay within one file system.
  const scratch = mkdtempSync(join(place.store, "..", `building-${module.folder}-`));
  const started = Date.now();
  try {
    const folder = await sourceFolder(module, scratch, place);
    const output = join(scratch, "bin");
    mkdirSync(output);
    for (const group of buildableTogether(wanted)) {
      await goBuild(module, group, folder, output, place, started);
    }
    for (const item of wanted) {
      const path = join(output, item.binary.name);
      chmodSync(path, 0o755);
      renameSync(path, join(place.store, storedName(item)));
    }
    place.log(`built ${names(wanted)} in ${seconds(started)} s`);
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

/** The module folder itself, or a scratch copy of it where files go to and fro between it and a module it requires. */
async function sourceFolder(module: Module, scratch: string, { cacheDir }: BuildPlace): Promise<string> {
  const folder = join(modulesFolder, module.folder);
  const { embeds, additions } = module;
  if (embeds === undefined && additions === undefined) return folder;
  const copy = join(scratch, "source");
  cpSync(folder, copy, { recursive: true });
  const go = async (...args: string[]) =>
    (await run("go", args, { cwd: copy, env: goEnvironment(cacheDir) })).stdout.trim();
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

async function goBuild(
  module: Module,
  wanted: readonly Wanted[],
  folder: string,
  output: string,
  place: BuildPlace,
  started: number,
): Promise<void> {
  // A trailing slash makes Go write one file per package into the folder.
  const target = wanted.length === 1 ? join(output, wanted[0].binary.name) : `${output}/`;
  const packages = wanted.map(({ binary }) => binary.package);
  const tags = module.tags === undefined ? [] : ["-tags", module.tags.join(",")];
  const args = ["build", "-v", ...buildFlags, ...tags, "-ldflags", linkerFlags(module), "-o", target, ...packages];
  place.log(`building ${names(wanted)}`);
  let compiled = 0;
  const lines: string[] = [];
  const child = spawn("go", args, {
    cwd: folder,
    env: goEnvironment(place.cacheDir),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    for (const line of parts) {
      // With -v, Go prints the import path of each package it compiles; anything with a space in it is a message.
      if (/^\S+$/.test(line)) compiled++;
      lines.push(line);
    }
  });
  const progress = setInterval(() => {
    place.log(`building ${names(wanted)}: ${compiled} packages compiled in ${seconds(started)} s`);
  }, progressEvery);
  const status = await new Promise<number | string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  }).finally(() => clearInterval(progress));
  if (status !== 0) throw new Error(failure(args, folder, status, [...lines, rest]));
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

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(0);
}
