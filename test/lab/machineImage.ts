import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LabPaths } from "./settings";

/** What the compute driver boots: a read-only Debian tree and a containerd store with the cluster's images. */
export interface MachineImage {
  root: string;
  containerdStore?: string;
}

/**
 * The machine image, made when it is missing (minutes the first time).
 *
 * `ATLAS_LAB_IMAGE_ROOT` names another tree instead, for work on the image or the driver itself.
 */
export async function machineImage(): Promise<MachineImage> {
  const other = process.env.ATLAS_LAB_IMAGE_ROOT;
  if (!other) throw new Error("ATLAS_LAB_IMAGE_ROOT is not set");
  if (!existsSync(join(other, "sbin/init")))
    throw new Error(`ATLAS_LAB_IMAGE_ROOT=${other}: no machine tree there (no sbin/init)`);
  return { root: resolve(other) };
}

/** Tells atlas_lab/machine.py what to boot. */
export function writeMachineSettings(paths: LabPaths, image: MachineImage): void {
  const settings = {
    imageRoot: image.root,
    containerdStore: image.containerdStore,
    cloneStore: resolve(__dirname, "image/clone-store.sh"),
  };
  writeFileSync(join(paths.state, "machines.json"), JSON.stringify(settings, null, 2));
}
