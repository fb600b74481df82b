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

/** What `ensureMachineImage` may be told. */
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
 * Makes the machine image, or finds it in the cache. Cold it takes some two minutes, most of it Debian's packages, and
 * warm some milliseconds. Must run as root.
 *
 * @throws Error when a step fails; nothing half-made is left in the cache's final places
 */
export async function ensureMachineImage(
  toolchain: Toolchain,
  options: MachineImageOptions = {},
): Promise<MachineImage> {
  const started = Date.now();
  const print = options.log ?? ((line: string) => process.stderr.write(`${line}\n`));
  const log = (line: string) =>
    print(`[image     ${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}`);
  const folder = join(toolchain.cacheDir, "machine-image");
  const keys = imageKeys(toolchain);
  const places = {
    base: join(folder, `base-${keys.base}`),
    root: join(folder, `root-${keys.root}`),
    store: join(folder, `containerd-${keys.images}`),
  };
  const image: MachineImage = {
    root: places.root,
    containerdStore: places.store,
    cloneStore: join(__dirname, "clone-store.sh"),
    images: imageCatalogue.flatMap(({ references }) => references),
  };
  if (existsSync(places.root) && existsSync(places.store)) return image;

  mkdirSync(folder, { recursive: true });
  await withLock(join(folder, "make.lock"), "the machine image", log, async () => {
    const make = async (place: string, what: string, work: (partial: string) => Promise<void>) => {
      if (existsSync(place)) return;
      log(`making ${what}`);
      const partial = `${place}.part`;
      rmSync(partial, { recursive: true, force: true });
      await work(partial);
      renameSync(partial, place);
    };
    if (!existsSync(places.base)) await installHostPackages(log);
    await make(places.base, `a Debian ${debianRelease} tree with ${machinePackages.length} packages`, makeBaseTree);
    await make(places.root, "the machine tree", (partial) => makeMachineTree(toolchain, places.base, partial));
    await make(places.store, `the containerd store with ${imageCatalogue.length} images`, async (partial) => {
      const layout = `${partial}-layout`;
      rmSync(layout, { recursive: true, force: true });
      await makeImages(toolchain, places.base, layout);
      await makeContainerdStore(toolchain, layout, partial);
      rmSync(layout, { recursive: true });
    });
    log("done");
  });
  return image;
}

/** Equal keys, equal content: each is a hash of everything that goes into the thing. */
function imageKeys(toolchain: Toolchain): { base: string; root: string; images: string } {
  const hash = (...parts: unknown[]) =>
    createHash("sha256")
      .update(JSON.stringify([recipe, ...parts]))
      .digest("hex")
      .slice(0, 12);
  const keysOf = (names: readonly string[]) => names.map((name) => [name, toolchain.key(name)]);
  const base = hash(debianRelease, machinePackages);
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
