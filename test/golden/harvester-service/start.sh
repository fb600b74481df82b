#!/bin/bash
set -eu
mkdir -p /var/lib/harvester/log /var/lib/harvester/fifo /var/lib/harvester/workers
packages=$(/opt/harvester/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# Half of it imports its library's parts by their bare names.
export PYTHONPATH="$packages/pandacommon:$packages"
touch /var/lib/harvester/started
exec /opt/harvester/bin/python -m pandaharvester.harvesterbody.master --foreground
