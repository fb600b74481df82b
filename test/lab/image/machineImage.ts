import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { imageCatalogue, slices } from "../../images/catalogue";
import { run } from "../../images/command";
import { makeImages } from "../../images/makeImages";
import { withLock } from "../../toolchain/lock";
import type { Toolchain } from "../../toolchain";
import { debianRelease, enabledUnits, hostPackages, machineBinaries, machinePackages, maskedUnits } from "./packages";
import { makeContainerdStore } from "./store";
import { filesFolder, makeBaseTree, makeMachineTree } from "./tree";

/** What a machine of the lab is booted from. Nothing in it may be changed: machines share it. */
export interface MachineImage {
  /** Debian 12 tree with everything a node needs, to be the lower layer of a machine's overlay. */
  root: string;
  /** containerd's store with all images; a machine gets a clone of it by `cloneStore` as /var/lib/containerd. */
  containerdStore: string;
  /** Script `clone-store.sh SRC DST`. */
  cloneStore: string;
  /** References of the images in the store. */
  images: string[];
}

/** Options of `ensureMachineImage`. */
export interface MachineImageOptions {
  /** Gets progress lines; by default they go to standard error. */
  log?: (line: string) => void;
}

/** Binaries of the toolchain that the image needs; ask `ensureToolchain` for at least these. */
export const imageBinaries: readonly string[] = [
  ...new Set([...Object.keys(machineBinaries), ...imageCatalogue.flatMap(({ binaries }) => Object.keys(binaries))]),
];

/** Raised when a recipe in this folder changes in a way that the keys below do not see. */
const recipe = 1;

/**
 * Makes the Debian tree below the machine image, or finds it in the cache. Must run as root.
 *
 * @throws Error when a step fails; nothing half-made is left in the cache's final place
 */
export async function ensureBaseTree(cacheDir: string, options: MachineImageOptions = {}): Promise<void> {
  const folder = imageFolder(cacheDir);
  const place = join(folder, `base-${baseKey()}`);
  if (existsSync(place)) return;
  const log = imageLog(options);
  await withImageLock(folder, log, async () => {
    if (existsSync(place)) return;
    await installHostPackages(log);
    await make(place, `a Debian ${debianRelease} tree with ${machinePackages.length} packages`, log, makeBaseTree);
  });
}

/**
 * Makes the machine image, or finds it in the cache. Cold it takes some two minutes, most of it Debian's packages, and
 * warm some milliseconds. Must run as root.
 *
 * @throws Error when a step fails; nothing half-made is left in the cache's final places
 */
export async function ensureMachineImage(
  toolchain: Toolchain,
  options: MachineImageOptions = {},
): Promise<MachineImage> {
  const folder = imageFolder(toolchain.cacheDir);
  const keys = imageKeys(toolchain);
  const base = join(folder, `base-${keys.base}`);
  const root = join(folder, `root-${keys.root}`);
  const store = join(folder, `containerd-${keys.images}`);
  const image: MachineImage = {
    root,
    containerdStore: store,
    cloneStore: join(__dirname, "clone-store.sh"),
    images: imageCatalogue.flatMap(({ references }) => references),
  };
  if (existsSync(root) && existsSync(store)) return image;

  await ensureBaseTree(toolchain.cacheDir, options);
  const log = imageLog(options);
  await withImageLock(folder, log, async () => {
    await make(root, "the machine tree", log, (partial) => makeMachineTree(toolchain, base, partial));
    await make(store, `the containerd store with ${imageCatalogue.length} images`, log, async (partial) => {
      const layout = `${partial}-layout`;
      rmSync(layout, { recursive: true, force: true });
      await makeImages(toolchain, base, layout);
      await makeContainerdStore(toolchain, layout, partial);
      rmSync(layout, { recursive: true });
    });
    log("done");
  });
  return image;
}

function imageFolder(cacheDir: string): string {
  return join(cacheDir, "machine-image");
}

function imageLog(options: MachineImageOptions): (line: string) => void {
  const started = Date.now();
  const print = options.log ?? ((line: string) => process.stderr.write(`${line}\n`));
  return (line) => print(`[image     ${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}`);
}

function withImageLock(folder: string, log: (line: string) => void, work: () => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, "make.lock"), "the machine image", log, work);
}

/** Makes one part of the image beside its place and renames it, so that a part that is there is whole. */
async function make(
  place: string,
  what: string,
  log: (line: string) => void,
  work: (partial: string) => Promise<void>,
): Promise<void> {
  if (existsSync(place)) return;
  log(`making ${what}`);
  const partial = `${place}.part`;
  rmSync(partial, { recursive: true, force: true });
  await work(partial);
  renameSync(partial, place);
}

function hash(...parts: unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify([recipe, ...parts]))
    .digest("hex")
    .slice(0, 12);
}

function baseKey(): string {
  return hash(debianRelease, machinePackages);
}

/** Equal keys, equal content: each is a hash of everything that goes into the thing. */
function imageKeys(toolchain: Toolchain): { base: string; root: string; images: string } {
  const keysOf = (names: readonly string[]) => names.map((name) => [name, toolchain.key(name)]);
  const base = baseKey();
  return {
    base,
    root: hash(base, ownFiles(), machineBinaries, keysOf(Object.keys(machineBinaries)), maskedUnits, enabledUnits),
    images: hash(base, imageCatalogue, slices, keysOf(imageBinaries), toolchain.key("containerd")),
  };
}

function ownFiles(): [string, number, string][] {
  return readdirSync(filesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [relative(filesFolder, path), lstatSync(path).mode & 0o111, readFileSync(path, "utf8")]);
}

async function installHostPackages(log: (line: string) => void): Promise<void> {
  const absent = hostPackages.filter((name) => !existsSync(`/var/lib/dpkg/info/${name}.list`));
  if (absent.length === 0) return;
  log(`installing ${absent.join(", ")} on this host`);
  await run("apt-get", "install", "--yes", "--no-install-recommends", ...absent);
}
