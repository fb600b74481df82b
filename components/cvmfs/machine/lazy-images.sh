#!/bin/bash
# Has containerd load images lazily, if the snapshotter is installed. Runs once, before containerd's first start.
# containerd is given the snapshotter only where there is one, since it would refuse every image otherwise; and before its
# first start, since it does not find images again that were pulled without the snapshotter.
#
# Environment:
#   CONTAINERD_CONFIG  file to write, which is laid over containerd's configuration
#   CONTENT            its content
#   UNIT               unit of the snapshotter
#   REPOSITORY         repository with the layers
: "${CONTAINERD_CONFIG:?}" "${CONTENT:?}" "${UNIT:?}" "${REPOSITORY:?}"
set -u
say() { echo "atlas-site: lazy images: $*" | tee -a /var/log/atlas-site-node.log > /dev/console; }

if ! command -v cvmfs_snapshotter > /dev/null; then
  say "no cvmfs_snapshotter on this machine: images are pulled in full"
  exit 1
fi
mkdir -p "$(dirname "$CONTAINERD_CONFIG")"
printf '%s' "$CONTENT" > "$CONTAINERD_CONFIG"
systemctl enable --quiet --now "$UNIT" || { rm "$CONTAINERD_CONFIG"; say "the snapshotter does not start: images are pulled in full"; exit 1; }
say "layers come from $REPOSITORY where it has them"
