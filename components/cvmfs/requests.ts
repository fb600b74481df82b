/** Requests of the pods of CVMFS that run on every batch node. */
import type { Resources } from "../kubernetes/resources";

/** The probe's: it checks each repository every few seconds by a process of its own. */
export const PROBE_REQUESTS: Resources = { cpuMilli: 50, memoryMb: 64 };

/** All containers of cvmfs-csi's node plugin together; the clients of the repositories run in it. */
export const NODE_PLUGIN_REQUESTS: Resources = { cpuMilli: 200, memoryMb: 512 };
