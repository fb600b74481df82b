import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LabPaths } from "./settings";

/** What the compute driver boots. */
export interface BootImage {
  /** Read-only Debian tree, the lower layer of every machine. */
  root: string;
  /** containerd's store with the cluster's images; without one a machine starts with an empty store. */
  containerdStore?: string;
  /** Script `SRC DST` that gives a machine its own copy of the store. */
  cloneStore?: string;
}

/**
 * The machine image; toolchain and image are made when they are missing (many minutes the first time).
 *
 * `ATLAS_LAB_IMAGE_ROOT` names another tree instead, for work on an image or on the driver.
 *
 * @throws when that tree is no machine tree, or a build fails
 */
export async function bootImage(log: (line: string) => void): Promise<BootImage> {
  const other = process.env.ATLAS_LAB_IMAGE_ROOT;
  if (other) {
    if (!existsSync(join(other, "sbin/init")))
      throw new Error(`ATLAS_LAB_IMAGE_ROOT=${other}: no machine tree there (no sbin/init)`);
    return { root: resolve(other) };
  }
  // Loaded here only: a lab with fake machines needs neither.
  const [{ ensureToolchain, cacheDir }, { ensureBaseTree, ensureMachineImage, imageBinaries }] = await Promise.all([
    import("../toolchain/index.js"),
    import("./image/machineImage.js"),
  ]);
  // The Debian packages need none of the binaries, so their tree is made beside the builds.
  const [toolchain] = await Promise.all([
    ensureToolchain({ only: imageBinaries, log }),
    ensureBaseTree(cacheDir(), { log }),
  ]);
  return ensureMachineImage(toolchain, { log });
}

/** Tells atlas_lab/machine.py what to boot. */
export function writeBootImage(paths: LabPaths, image: BootImage): void {
  const { root: imageRoot, containerdStore, cloneStore } = image;
  const text = JSON.stringify({ imageRoot, containerdStore, cloneStore }, null, 2);
  writeFileSync(join(paths.state, "machines.json"), text);
}
