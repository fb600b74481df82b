/** A Cinder volume of its own for the client's cache: found, made a file system of, and mounted before the client starts. */
import { join } from "node:path";
import { bashProgram } from "../../kubernetes/programFile";
import { CACHE_BASE } from "../clientConfig";
import type { BootFile } from "../../cluster/kubeadm/nodeAddition";
import { mountUnit } from "./units";

/** Where the program lies on a machine. */
export const CACHE_SCRIPT = "/usr/local/sbin/atlas-site-cvmfs-cache";

/** Label of the file system; by it the volume is found at every later boot. */
const LABEL = "cvmfs-cache";

/** Unit that mounts it; the repositories' own units require it, so that no cache ever grows on the root disk instead. */
const UNIT = mountUnit(CACHE_BASE.host);

/**
 * Program and mount unit.
 * @param sizeGb size of the volume, by which it is told from other disks
 */
export function cacheVolumeFiles(sizeGb: number): BootFile[] {
  return [
    {
      path: CACHE_SCRIPT,
      content: bashProgram(join(__dirname, "cache.sh"), { SIZE_GB: sizeGb, LABEL, UNIT }),
      permissions: "0755",
    },
    {
      path: `/etc/systemd/system/${UNIT}`,
      content: `[Unit]
Description=Cache of the CVMFS client

[Mount]
What=/dev/disk/by-label/${LABEL}
Where=${CACHE_BASE.host}
Type=ext4
Options=noatime,nodev,nosuid

[Install]
WantedBy=multi-user.target
`,
      permissions: "0644",
    },
  ];
}
