/** What the experiment's operators write into CRIC for a queue, so that PanDA and Harvester fit the site. */
import type { Queue } from "../../stacks/site/site";
import { JOBS_PRIORITY } from "../security/names";

/**
 * Limit of a pod's ephemeral storage in percent of what it requests. The pilot ends a job whose work directory has outgrown
 * `maxwdir` by 20 %, with an error that says so; the kubelet, which looks at logs and other files too, must come after it.
 */
export const SCRATCH_LIMIT_PERCENT = 130;

/**
 * A queue's parameters by their names in CRIC. Sizes are those of one full slot: PanDA gives smaller jobs their share by
 * cores. Memory in MB, scratch in MB, time in seconds.
 */
export function cricParameters(name: string, queue: Queue): object {
  const { namespace, largestJob, cpuRequestPercent, maxHours, workflow } = queue;
  return {
    nickname: name,
    panda_resource: name,
    // Production and analysis by one queue, and pilots by a Harvester.
    type: "unified",
    pilot_manager: "Harvester",
    // Jobs of any number of cores up to corecount share the queue.
    capability: "ucore",
    workflow: workflow === "pull" ? "pull_ups" : "push",
    corecount: largestJob.cores,
    maxrss: largestJob.memoryMb,
    maxwdir: largestJob.scratchMb,
    maxtime: maxHours * 3600,
    // The CE queue is the namespace, and goes before k8s.namespace; without either Harvester writes to `default`.
    queues: [{ ce_queue_name: namespace }],
    params: {
      "k8s.namespace": namespace,
      "k8s.resources.requests.cpu_scheduling_ratio": cpuRequestPercent,
      "k8s.resources.requests.memory_scheduling_ratio": 100,
      // A limit would end jobs in their short peaks; the pilot watches their memory itself.
      "k8s.resources.limits.use_memory_limit": false,
      "k8s.resources.use_ephemeral_storage_resource_specs": true,
      "k8s.resources.ephemeral_storage_offset": 0,
      "k8s.resources.limits.ephemeral_storage_limit_safety_factor": SCRATCH_LIMIT_PERCENT,
      // Packing is the scheduler's.
      "k8s.scheduler.use_score_mcore_affinity": false,
      "k8s.scheduler.use_score_mcore_anti_affinity": false,
      "k8s.scheduler.priorityClassName": JOBS_PRIORITY,
      "k8s.use_active_deadline_seconds": true,
    },
  };
}
