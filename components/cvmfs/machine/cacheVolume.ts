/** A Cinder volume of its own for the client's cache: found, made a file system of, and mounted before the client starts. */
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
    { path: CACHE_SCRIPT, content: cacheScript(sizeGb), permissions: "0755" },
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

function cacheScript(sizeGb: number): string {
  return `#!/bin/bash
# Makes the file system of the CVMFS cache volume of ${sizeGb} GB and mounts it. Runs once, at the first boot.
set -u
bytes=$((${sizeGb} * 1024 * 1024 * 1024))
log=/var/log/atlas-site-node.log

say() { echo "atlas-site: CVMFS cache: $*" | tee -a $log > /dev/console; }

give_up() {
  say "GAVE UP: $*; this node takes no jobs"
  exit 1
}

# Disks of that size with nothing on them: no partition, no file system, not in use.
blank_disks() {
  local disk size
  lsblk --bytes --noheadings --nodeps --paths --list --output NAME,TYPE,SIZE |
    awk -v size=$bytes '$2 == "disk" && $3 == size {print $1}' |
    while read -r disk; do
      [ "$(lsblk --noheadings --list --output NAME "$disk" | wc -l)" = 1 ] || continue
      # 2: blkid looked and found nothing.
      blkid --probe "$disk" > /dev/null 2>&1
      [ $? = 2 ] && echo "$disk"
    done
}

if ! blkid --label ${LABEL} > /dev/null; then
  disks=$(blank_disks)
  # Of several nobody can say which one is meant, and another's disk must not be formatted.
  [ "$(wc -w <<< "$disks")" = 1 ] || give_up "want one blank disk of ${sizeGb} GB, found: \${disks:-none}"
  mkfs.ext4 -q -m 0 -L ${LABEL} "$disks" >> $log 2>&1 || give_up "mkfs.ext4 failed on $disks, see $log"
  udevadm settle --timeout=10
fi
systemctl enable --quiet --now '${UNIT}' || give_up "the volume could not be mounted, see journalctl -u ${UNIT}"
`;
}
