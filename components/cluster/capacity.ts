/**
 * What a node has left for jobs. The same reservations go to the kubelet, so a job that fits here fits on the node.
 * Pure arithmetic; the cross-checks of the site file and the kubelet configuration both stand on it.
 */
import type { Resources } from "../kubernetes/resources";

/** What the kubelet keeps back, as the site's `cluster.reserved` says. */
export interface Reserved {
  /** For kubelet and container runtime. */
  readonly kube: Resources;
  /** For the operating system's daemons. */
  readonly system: Resources;
}

/** Requests of the pods that run on every node; the manifests of these daemons carry the same figures. */
export const daemonRequests = {
  flannel: { cpuMilli: 100, memoryMb: 50 },
  policyEngine: { cpuMilli: 100, memoryMb: 100 },
  /** kubeadm's manifest asks for nothing. */
  kubeProxy: { cpuMilli: 0, memoryMb: 0 },
  /** Looks at each repository every few seconds by a process of its own. */
  cvmfsProbe: { cpuMilli: 50, memoryMb: 64 },
  /** All containers of the node plugin of cvmfs-csi together; the clients of the repositories run in it. */
  cvmfsNodePlugin: { cpuMilli: 200, memoryMb: 512 },
  /**
   * node-exporter, of a site that is monitored; measured: 21 MiB, and 5 ms of a core for each scrape. Of eight cores an
   * 8-core job at 90 % leaves but 0.8 to all daemons and reservations: what asks for more than it uses costs a site its
   * largest jobs.
   */
  nodeExporter: { cpuMilli: 20, memoryMb: 48 },
  /** The OpenTelemetry Collector, of a site whose logs leave the machines; pilots print little. */
  logShipper: { cpuMilli: 30, memoryMb: 96 },
} as const satisfies Record<string, Resources>;

/** Memory in MiB below which the kubelet evicts pods; Kubernetes' own default, and not part of allocatable. */
export const evictionHardMemoryMb = 100;

/**
 * Memory in MiB of a machine that Linux never shows as `MemTotal`: 64 bytes for each page of 4096, and 128 MiB for kernel,
 * firmware and user data. Measured on a virtual machine of 24,576 MiB with Linux 6.18: 470 MiB, of which this says 512.
 * @param ramMb memory of the flavor in MiB
 */
export function kernelMemoryMb(ramMb: number): number {
  return Math.ceil(ramMb / 64) + 128;
}

/** How a site is watched, by the modes of its sections. */
export interface Watched {
  readonly monitoring: { readonly mode: "none" | "prometheus" };
  readonly logs: { readonly mode: "none" | "otlp" };
}

const UNWATCHED: Watched = { monitoring: { mode: "none" }, logs: { mode: "none" } };

/**
 * The daemons that run on every batch node.
 * @param network pod network and policy engine
 * @param cvmfsMode how jobs get CVMFS
 * @param watched how the site is watched; a `Site` is one; default: not at all
 */
export function daemonsOf(
  network: { readonly plugin: string; readonly policyEngine: string },
  cvmfsMode: "none" | "host" | "csi",
  { monitoring, logs }: Watched = UNWATCHED,
): Resources[] {
  return [
    daemonRequests.kubeProxy,
    ...(network.plugin === "flannel" ? [daemonRequests.flannel] : []),
    ...(network.policyEngine === "none" ? [] : [daemonRequests.policyEngine]),
    ...(cvmfsMode === "none" ? [] : [daemonRequests.cvmfsProbe]),
    ...(cvmfsMode === "csi" ? [daemonRequests.cvmfsNodePlugin] : []),
    ...(monitoring.mode === "none" ? [] : [daemonRequests.nodeExporter]),
    ...(logs.mode === "none" ? [] : [daemonRequests.logShipper]),
  ];
}

/**
 * What an empty node leaves for jobs: the flavor without what Linux takes, the reservations, the eviction threshold and
 * the requests of its daemons. May be negative: then not even the daemons fit.
 * @param flavor size of the machine: virtual cores and memory in MiB
 * @param reserved what the kubelet keeps back
 * @param daemons requests of the pods that run on every node
 */
export function allocatable(
  flavor: { readonly vcpus: number; readonly ramMb: number },
  reserved: Reserved,
  daemons: readonly Resources[],
): Resources {
  const kept = [reserved.kube, reserved.system, ...daemons];
  const sum = (of: (resources: Resources) => number) => kept.reduce((total, resources) => total + of(resources), 0);
  return {
    cpuMilli: flavor.vcpus * 1000 - sum((resources) => resources.cpuMilli),
    memoryMb:
      flavor.ramMb - kernelMemoryMb(flavor.ramMb) - evictionHardMemoryMb - sum((resources) => resources.memoryMb),
  };
}
