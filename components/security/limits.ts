/**
 * Quota and defaults of a queue's namespace. A quota that refuses a *pod* makes Harvester take its Job for lost and cancel
 * it; one that refuses the *Job* is told at submission and PanDA tries again. So only objects are counted that refuse
 * themselves, and never processors, memory or pods.
 */
import type { Queue } from "../../stacks/site/site";
import type { Capabilities } from "../cluster/capabilities";

/**
 * Ended pods that a cluster keeps before the oldest are deleted: kube-controller-manager's default. Beyond it pods go
 * before accounting has seen them.
 */
export const ENDED_PODS_KEPT = 12_500;

/** Jobs that can run at once where the machines are not the site's own: of the order of the largest site there is. */
const RUNNING_ON_FOREIGN_MACHINES = 10_000;

/** Claims of a queue: CVMFS' is the only one the site makes. */
const CLAIMS = 2;

/** Secrets of a queue: Harvester's proxy, and one beside it while an administrator exchanges it. */
const SECRETS = 2;

/** ConfigMaps that are no job's: the starter, and the CA bundles that clusters put into every namespace. */
const OTHER_CONFIG_MAPS = 10;

/** One-core jobs that could ever run at once on a queue's pool, by processor alone. */
function runningJobs(queue: Queue, { nodePools }: Pick<Capabilities, "nodePools">): number {
  const pool = nodePools?.[queue.pool];
  return pool === undefined ? RUNNING_ON_FOREIGN_MACHINES : pool.count * pool.flavor.vcpus;
}

/** What the quota of a queue's namespace depends on. */
export interface QueueLimits {
  /** The queue's part of the stack file. */
  readonly queue: Queue;
  /** Queues of the site, which share the ended pods that a cluster keeps. */
  readonly queueCount: number;
  readonly capabilities: Pick<Capabilities, "nodePools">;
}

/** Jobs a queue's namespace may hold: those that run and wait, and its share of the ended ones. */
export function mostJobs({ queue, queueCount, capabilities }: QueueLimits): number {
  const running = runningJobs(queue, capabilities);
  const waiting = Math.ceil((running * queue.pendingPercent) / 100);
  return running + waiting + Math.floor(ENDED_PODS_KEPT / queueCount);
}

/** In push mode Harvester writes a job's description for each worker, and deletes it with the worker's Job. */
function jobConfigMaps(limits: QueueLimits): number {
  return limits.queue.workflow === "push" ? mostJobs(limits) : 0;
}

/** `hard` of the ResourceQuota. */
export function quotaOf(limits: QueueLimits): Record<string, string> {
  return {
    "count/jobs.batch": String(mostJobs(limits)),
    // Nothing connects to a job, and a service would open a way in past the firewall.
    "count/services": "0",
    "services.nodeports": "0",
    "services.loadbalancers": "0",
    persistentvolumeclaims: String(CLAIMS),
    "count/secrets": String(SECRETS),
    "count/configmaps": String(OTHER_CONFIG_MAPS + jobConfigMaps(limits)),
  };
}

/**
 * Memory request of a container that has none: one core's share of the largest job's. Harvester sends none for jobs that
 * PanDA knows no memory of, and the scheduler would pile those up on one node. There is no default limit: a pilot holds its
 * payload to the limit by itself and reports it, where the kernel would only kill.
 */
export function defaultMemoryMb({ largestJob }: Pick<Queue, "largestJob">): number {
  return Math.floor(largestJob.memoryMb / largestJob.cores);
}
