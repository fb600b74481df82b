/** What the tests' picture of Harvester is made of: workers, queues, and Jobs as far as Harvester touches them. */

/** A worker: one pilot that Harvester starts. */
export interface Worker {
  /** Harvester's number for it. */
  readonly workerId: number;
  /** Cores (nCore). */
  readonly cores: number;
  /** MiB (minRamCount); 4 and less count as none. */
  readonly memoryMb: number;
}

/** What Harvester knows of the queue and of itself. */
export interface HarvesterView {
  /** PanDA queue. */
  readonly queue: string;
  /** The queue's parameters in CRIC, by their names there. */
  readonly cric: CricQueue;
  /** PUSH: Harvester brings the pilot its job by a ConfigMap. */
  readonly mode: "PULL" | "PUSH";
  /** Id of the Harvester. */
  readonly harvesterId: string;
  /** Path of the proxy in the pod. */
  readonly proxySecretPath: string;
}

/** The part of a queue in CRIC that Harvester's Kubernetes plugins read. */
export interface CricQueue {
  readonly corecount: number;
  readonly maxwdir: number;
  readonly maxtime?: number;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Something in a list that goes by its name. */
export interface Named {
  name: string;
  [key: string]: unknown;
}

/** As much of a Job as the rules touch. */
export interface Job {
  apiVersion: string;
  kind: string;
  metadata: { name: string; [key: string]: unknown };
  spec: {
    template: { metadata?: Record<string, unknown>; spec: PodSpec };
    [key: string]: unknown;
  };
}

/** As much of a pod as the rules touch. */
export interface PodSpec {
  containers: Container[];
  volumes?: Named[];
  affinity?: object;
  priorityClassName?: string;
  activeDeadlineSeconds?: number;
  [key: string]: unknown;
}

/** As much of a container as the rules touch. */
export interface Container {
  name: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: Named[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  volumeMounts?: Named[];
  [key: string]: unknown;
}
