/** The lab's stand-in for a CVMFS client, from outside: a repository hangs when its FUSE daemon is stopped. */
import type { Lab } from "../lab";
import { inMachine } from "./machineFiles";

/** Where the machine image notes the pids of the daemons. */
const RUN = "/run/lab-cvmfs";

async function signal(lab: Lab, machine: string, repository: string, name: "STOP" | "CONT"): Promise<void> {
  await inMachine(lab, machine, "sh", "-c", `kill -${name} "$(cat ${RUN}/${repository}.pid)"`);
}

/** From now on whoever looks into a repository on this machine waits for ever. */
export function hangRepository(lab: Lab, machine: string, repository: string): Promise<void> {
  return signal(lab, machine, repository, "STOP");
}

/** Lets a hanging repository answer again, and all who waited with it. */
export function releaseRepository(lab: Lab, machine: string, repository: string): Promise<void> {
  return signal(lab, machine, repository, "CONT");
}
