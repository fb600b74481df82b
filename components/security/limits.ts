/**
 * Quota and defaults of a queue's namespace. A quota that refuses a *pod* makes Harvester take its Job for lost and cancel
 * it; one that refuses the *Job* is told at submission and PanDA tries again. So only objects are counted that refuse
 * themselves, and never processors, memory or pods.
 */
import type { Queue, Site } from "../../stacks/site/site";

/**
 * Ended pods that a cluster keeps before the oldest are deleted: kube-controller-manager's default. Beyond it pods go
 * before accounting has seen them.
 */
export const ENDED_PODS_KEPT = 12_500;

/** Jobs that can run at once where the machines are not the site's own: of the order of the largest site there is. */
const RUNNING_ON_FOREIGN_MACHINES = 10_000;

/** Claims of a queue: CVMFS' is the only one the site makes. */
const CLAIMS = 2;

/** One-core jobs that could ever run at once on a queue's pool, by processor alone. */
function runningJobs(site: Pick<Site, "cloud">, queue: Queue): number {
  const pool = site.cloud?.pools[queue.pool];
  return pool === undefined
    ? RUNNING_ON_FOREIGN_MACHINES
    : Math.floor((pool.count * pool.flavor.vcpus * 100) / queue.cpuRequestPercent);
}

/** Jobs a queue's namespace may hold: those that run and wait, and its share of the ended ones. */
export function mostJobs(site: Pick<Site, "cloud" | "queues">, queue: string): number {
  const section = site.queues[queue];
  const running = runningJobs(site, section);
  const waiting = Math.ceil((running * section.pendingPercent) / 100);
  return running + waiting + Math.floor(ENDED_PODS_KEPT / Object.keys(site.queues).length);
}

/** `hard` of the ResourceQuota. */
export function quotaOf(site: Pick<Site, "cloud" | "queues">, queue: string): Record<string, string> {
  return {
    "count/jobs.batch": String(mostJobs(site, queue)),
    // Nothing connects to a job, and a service would open a way in past the firewall.
    "count/services": "0",
    "services.nodeports": "0",
    "services.loadbalancers": "0",
    persistentvolumeclaims: String(CLAIMS),
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
