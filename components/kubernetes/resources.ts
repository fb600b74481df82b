/** Amounts of processor, memory and storage as Kubernetes writes them. */

/** An amount of processor and memory. */
export interface Resources {
  /** Thousandths of a core. */
  readonly cpuMilli: number;
  /** MiB. */
  readonly memoryMb: number;
}

/** Requests of a container. */
export function kubernetesRequests(amount: Resources): { cpu: string; memory: string } {
  return { cpu: `${amount.cpuMilli}m`, memory: `${amount.memoryMb}Mi` };
}

/** Size of a claim or volume; both in one unit, or a claim of 60 GB would find 60 GiB of volume too small. */
export function volumeSize(gigabytes: number): string {
  return `${gigabytes}Gi`;
}
