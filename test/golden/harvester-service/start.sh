#!/bin/bash
set -eu
mkdir -p /var/lib/harvester/log /var/lib/harvester/fifo /var/lib/harvester/workers
packages=$(/opt/harvester/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# Half of it imports its library's parts by their bare names.
export PYTHONPATH="$packages/pandacommon:$packages"
touch /var/lib/harvester/started
/opt/harvester/bin/python -m pandaharvester.harvesterbody.master --foreground &
harvester=$!
trap 'kill -USR2 $harvester' USR2
trap 'kill -TERM $harvester' TERM
# A signal ends the wait, not Harvester.
status=0
while kill -0 $harvester 2> /dev/null; do
  status=0
  wait $harvester || status=$?
done
exit $status
