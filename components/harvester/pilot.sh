#!/bin/bash
# Starts the pilot as Harvester would by default, and passes SIGTERM on to it when the pod is stopped (drain, eviction, end
# of its time). Process 1 of a container passes no signal on, and neither does the starter; a pilot without the signal is
# killed at the end of the grace period and its job is lost without a report, whereas a pilot that gets SIGTERM reports a
# preemption, and PanDA tries the job elsewhere. Where no pilot runs yet, the starter is ended.
#
# Environment, set by Harvester:
#   EXEC_DIR  folder with pilots_starter.py
#   HOME      folder to run in
# Wrapper and pilot come from CVMFS. Needs nothing but bash and Python.
# shellcheck disable=SC2164 # without HOME the pilot runs where the container starts, as by default
# shellcheck disable=SC2329 # signal_pilot is called by the trap
cd
signal_pilot() {
  signalled=
  for process in /proc/[0-9]*; do
    mapfile -d '' -t words < "$process/cmdline" || continue
    for word in "${words[@]}"; do
      case "$word" in
        pilot.py|*/pilot.py) kill -TERM "${process#/proc/}" && signalled=yes ;;
      esac
    done
  done 2> /dev/null
  [ -n "$signalled" ] || kill -TERM "$starter"
}
trap 'interrupted=yes; signal_pilot' TERM
python3 "$EXEC_DIR/pilots_starter.py" &
starter=$!
interrupted=yes
while [ -n "$interrupted" ]; do
  interrupted=
  wait "$starter"
  code=$?
done
exit "$code"
