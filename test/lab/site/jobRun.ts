/** The run of jobs that the lab's figures stand on: twenty, of both sizes, that work, wait, fail and outgrow their memory. */
import type { Lab } from "../lab";
import type { Worker } from "./harvesterJob";
import type { HarvesterReport } from "./harvesterWork";
import type { KubeView } from "./kubeView";
import type { LabStack } from "./labStack";
import { pilotFor, pilots, submitPilots } from "./mainJob";
import type { PilotOrder, PilotWork } from "./pilotJob";
import type { PodObject } from "./siteByHand";

/** Number of jobs of each size. They ask for more than the site has, so that some wait. */
const SMALL = 16;
const LARGE = 4;
const SMALL_MEMORY_MB = 500;
/** Limit of the one that outgrows its memory, and what it fills, in MiB. */
const OUTGROWN = { limit: 100, filled: 200 } as const;
/** Exit code of the one that fails. */
export const FAILURE = 3;
/** How long the run may take, in seconds: some two minutes on a machine without other work; starting twenty pods is work. */
const DEADLINE_SECONDS = 900;

/** The order, and which of its workers do not succeed. */
export interface RunPlan {
  readonly order: PilotOrder;
  readonly failing: number;
  readonly outgrowing: number;
}

/**
 * Plans the run.
 * @param base an order of the queue; its workers are replaced
 */
export function planRun(base: PilotOrder): RunPlan {
  const small = pilots(SMALL, 1, SMALL_MEMORY_MB);
  const large = pilots(LARGE, 8, 8 * SMALL_MEMORY_MB);
  const [failing, outgrowing] = small;
  const work: Record<number, PilotWork> = {};
  // No two stay equally long, and only some work: else a mix-up of jobs could not be seen in the sums.
  [...small, ...large].forEach(({ workerId }, index) => {
    work[workerId] = { seconds: 10 + 2 * index, processorSeconds: index % 4 === 0 ? 4 : 0 };
  });
  work[failing.workerId] = { ...work[failing.workerId], exitCode: FAILURE };
  work[outgrowing.workerId] = { memoryMb: OUTGROWN.filled, seconds: 60 };
  const workers: Worker[] = [...small, ...large].map((worker) =>
    worker === outgrowing ? { ...worker, memoryMb: OUTGROWN.limit } : worker,
  );
  // The site's queues have no memory limit; one that has, for the run, shows what becomes of a job beyond it.
  const params = { ...base.cric.params, "k8s.resources.limits.use_memory_limit": true };
  const order = { ...base, cric: { ...base.cric, params }, workers, work };
  return { order, failing: failing.workerId, outgrowing: outgrowing.workerId };
}

/** What the run left. */
export interface RunResult extends RunPlan {
  readonly report: HarvesterReport;
  /** Names of its Jobs. */
  readonly jobs: readonly string[];
  /** Its pods, as the API has them at the end. */
  readonly pods: readonly PodObject[];
}

/** Has Harvester's double submit the run's jobs, and waits until all have ended. They stay. */
export async function runJobs(lab: Lab, cluster: KubeView, stack: LabStack, harvester: string): Promise<RunResult> {
  const plan = planRun(pilotFor(stack));
  const report = await submitPilots(lab, harvester, plan.order, DEADLINE_SECONDS);
  const jobs = report.jobs.map(({ name }) => name);
  const pods = (await podsOf(cluster, plan.order.namespace)).filter(({ metadata }) =>
    jobs.includes(metadata.labels?.["job-name"] ?? ""),
  );
  return { ...plan, report, jobs, pods };
}

/** Pods of a namespace; of all without one. */
export async function podsOf(cluster: KubeView, namespace?: string): Promise<PodObject[]> {
  const place = namespace === undefined ? ["--all-namespaces"] : ["-n", namespace];
  const text = await cluster.kubectl("get", "pods", ...place, "-o", "json");
  return (JSON.parse(text) as { items: PodObject[] }).items;
}
