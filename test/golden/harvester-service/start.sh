#!/bin/bash
# Starts Harvester alone: without the HTCondor and the web server that its image starts with it, which a Kubernetes site has
# no use for. The script stays process 1 and passes signals on: Harvester ends by a SIGKILL to itself, which the kernel does
# not deliver to process 1.
#
# Environment:
#   STATE         folder of the volume with logs, queues and workers
#   INSTALLATION  Python's virtual environment with Harvester
STATE='/var/lib/harvester'
INSTALLATION='/opt/harvester'
: "${STATE:?}" "${INSTALLATION:?}"
set -eu
mkdir -p "$STATE/log" "$STATE/fifo" "$STATE/workers"
packages=$("$INSTALLATION/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
# Half of it imports its library's parts by their bare names.
export PYTHONPATH="$packages/pandacommon:$packages"
touch "$STATE/started"
"$INSTALLATION/bin/python" -m pandaharvester.harvesterbody.master --foreground &
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
