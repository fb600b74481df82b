/** What the pilot's container runs. */

/**
 * Starts the pilot as Harvester would by default, with one thing more: when the pod is told to stop (drain, eviction, end of
 * its time), the pilot itself is told. Process 1 of a container passes no signal on, and neither does the starter; a pilot
 * that hears nothing is killed at the end of the grace time and its job is lost without a word, whereas a pilot that hears
 * SIGTERM reports a preemption, and PanDA tries the job elsewhere. Where no pilot runs yet, the starter is ended.
 *
 * Harvester sets `EXEC_DIR` and `HOME`; the wrapper and the pilot come from CVMFS. Needs nothing but bash and Python.
 */
const PILOT_SCRIPT = `cd
tell_pilot() {
  told=
  for process in /proc/[0-9]*; do
    mapfile -d '' -t words < "$process/cmdline" || continue
    for word in "\${words[@]}"; do
      case "$word" in
        pilot.py|*/pilot.py) kill -TERM "\${process#/proc/}" && told=yes ;;
      esac
    done
  done 2> /dev/null
  [ -n "$told" ] || kill -TERM "$starter"
}
trap 'interrupted=yes; tell_pilot' TERM
python3 "$EXEC_DIR/pilots_starter.py" &
starter=$!
interrupted=yes
while [ -n "$interrupted" ]; do
  interrupted=
  wait "$starter"
  code=$?
done
exit "$code"
`;

/** The script as a container's command and arguments. */
export function pilotCommand(): { command: string[]; args: string[] } {
  return { command: ["/usr/bin/bash", "-c"], args: [PILOT_SCRIPT] };
}
