/** A machine in a folder for the program that looks after its repositories, and a run of that program there. */
import { watchScript, type Watch } from "../../../components/cvmfs/machine/watch";
import { MachineFolder, type Run } from "./machineRun";

/** Takes the mount out of the kernel's list, unless something uses it or the mount is only detached. */
const FORGET_MOUNT = `path="\${@: -1}"
[ -e "busy" ] && [ "$1" != --lazy ] && exit 32
grep -v " $path " proc/self/mountinfo > left; cp left proc/self/mountinfo
[ -s left ] || rm -f client-runs`;

/**
 * Answers like the client of each repository would. `hung` blocks for good and shrugs off a polite end, `late` is well at
 * the third look, `dead` has lost its client.
 */
const LIST = `case "\${@: -1}" in
  */well*) echo README;;
  */late*) [ "$(grep -c /late calls)" -ge 3 ] && echo README;;
  */dead*) echo "ls: cannot access: Transport endpoint is not connected" >&2; exit 2;;
  */hung*) trap '' TERM; read -r nothing < fifo;;
  *) echo "ls: No such file or directory" >&2; exit 2;;
esac`;

const NOTHING: Watch = {
  repositories: [],
  mounts: [],
  configuration: "config.cern.ch",
  units: [],
  atBoot: [],
  proxies: [],
};

/** Runs the program on a machine, with shorter waits than on a real one. */
export function runWatch(machine: MachineFolder, command: string, watch: Partial<Watch>): Run {
  const script = watchScript({ ...NOTHING, ...watch })
    // Shorter than on a machine, so that a test takes seconds.
    .replace("probe_seconds=10", "probe_seconds=1")
    .replace("SECONDS + 5", "SECONDS + 1");
  return machine.run(script, ...command.split(" "));
}

/** A machine whose repositories answer by their names. */
export function watchedMachine(): MachineFolder {
  const machine = new MachineFolder();
  machine.standIn("systemctl");
  machine.standIn("umount", FORGET_MOUNT);
  machine.standIn("pgrep", "[ -e client-runs ]");
  machine.standIn("systemd-escape", 'echo "${@: -1}.unit"');
  machine.standIn("ls", LIST);
  return machine;
}
