/** Requests of the pods of CVMFS that run on every batch node. */
import type { Cvmfs } from "../../stacks/site/site";
import type { Resources } from "../kubernetes/resources";

/** The probe's: it checks each repository every few seconds by a process of its own. */
export const PROBE_REQUESTS: Resources = { cpuMilli: 50, memoryMb: 64 };

/** All containers of cvmfs-csi's node plugin together; the clients of the repositories run in it. */
export const NODE_PLUGIN_REQUESTS: Resources = { cpuMilli: 200, memoryMb: 512 };

/**
 * Memory in MiB of one repository's client on a host, its share of cache manager and watchdog included: eight idle
 * repositories of client 2.12.0 took 248 MB.
 */
const CLIENT_MB = 31;

/**
 * Memory in MiB that the client takes of a batch machine outside of pods.
 * @param cvmfs the section of the stack file
 */
export function clientMemoryMb(cvmfs: Cvmfs): number {
  // One more: the repository that configures the others.
  return cvmfs.mode === "host" ? CLIENT_MB * (cvmfs.repositories.length + 1) : 0;
}
