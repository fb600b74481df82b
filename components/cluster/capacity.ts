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

/** What the site's features take of every batch node. */
export interface NodeLoad {
  /** Requests of each pod that runs on every batch node. */
  readonly daemons: readonly Resources[];
  /** MB that features keep on a node's boot disk. */
  readonly diskMb: number;
  /** MiB that programs of features take outside of pods. */
  readonly hostMemoryMb: number;
}

/** GB of a machine's boot disk for the operating system, container images and logs: an estimate, nowhere measured. */
export const SYSTEM_DISK_GB = 10;

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

/** What the kubelet of a batch machine keeps back: the cluster's reservations, and what runs there outside of pods. */
export function batchReserved({ kube, system }: Reserved, hostMemoryMb: number): Reserved {
  return { kube, system: { ...system, memoryMb: system.memoryMb + hostMemoryMb } };
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
