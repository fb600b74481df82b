#!/bin/bash
# Makes the file system of the CVMFS cache volume and mounts it. Runs once, at the first boot.
#
# Environment:
#   SIZE_GB  size of the volume in GiB, which distinguishes it from other disks
#   LABEL    label of the file system
#   UNIT     unit that mounts it
: "${SIZE_GB:?}" "${LABEL:?}" "${UNIT:?}"
set -u
bytes=$((SIZE_GB * 1024 * 1024 * 1024))
log=/var/log/atlas-site-node.log

say() { echo "atlas-site: CVMFS cache: $*" | tee -a $log > /dev/console; }

give_up() {
  say "GAVE UP: $*; this node takes no jobs"
  exit 1
}

# Disks of that size with nothing on them: no partition, no file system, not in use.
blank_disks() {
  local disk
  lsblk --bytes --noheadings --nodeps --paths --list --output NAME,TYPE,SIZE |
    awk -v size=$bytes '$2 == "disk" && $3 == size {print $1}' |
    while read -r disk; do
      [ "$(lsblk --noheadings --list --output NAME "$disk" | wc -l)" = 1 ] || continue
      # 2: blkid found nothing.
      blkid --probe "$disk" > /dev/null 2>&1
      [ $? = 2 ] && echo "$disk"
    done
}

if ! blkid --label "$LABEL" > /dev/null; then
  disks=$(blank_disks)
  # Of several it is unknown which one is meant, and no other disk must be formatted.
  [ "$(wc -w <<< "$disks")" = 1 ] || give_up "want one blank disk of $SIZE_GB GB, found: ${disks:-none}"
  mkfs.ext4 -q -m 0 -L "$LABEL" "$disks" >> $log 2>&1 || give_up "mkfs.ext4 failed on $disks, see $log"
  udevadm settle --timeout=10
fi
systemctl enable --quiet --now "$UNIT" || give_up "the volume could not be mounted, see journalctl -u $UNIT"
