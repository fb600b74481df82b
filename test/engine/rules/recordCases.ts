/** What every recorded series must be, reckoned by hand from a site small enough for it. */
import { growing, steady, type CaseSite, type Labels, type RecordCase, type Scraped } from "./ruleCase";
import { endedJobs, largeWaits, named, node, pod, spread, twoNodes } from "./scraped";

const first = "hosting-batch-0";
const second = "hosting-batch-1";
const cpu = (name: string, namespace: string, perMinute: number): Scraped => ({
  [named("container_cpu_usage_seconds_total", { namespace, pod: name, container: "main" })]: growing(perMinute),
});

/**
 * Twenty minutes: a job of one core on each node, using 0.8 and 0.4 of it; one of eight and one of one core wait, the
 * latter since minute ten; one of eight cores succeeded after ten minutes, one of one core failed after five.
 */
const busy: Scraped = {
  ...spread,
  ...cpu("one-0", "harvester", 48),
  ...cpu("one-1", "harvester", 24),
  ...largeWaits,
  ...pod("small", { phase: "Pending", created: 600 }),
  ...pod("good", { node: first, request: 7.2, phase: "Succeeded", started: 0, completed: 600 }),
  ...pod("bad", { node: second, phase: "Failed", started: 0, completed: 300 }),
  ...endedJobs(18, "complete"),
  ...endedJobs(2, "failed"),
};

/** Two queues of which each has a large job that waits; they share the nodes. */
const shared: Scraped = {
  ...twoNodes,
  ...pod("whole-runs", { namespace: "whole", node: first, request: 1 }),
  ...pod("half-runs", { namespace: "half", node: second, request: 4 }),
  ...pod("whole-waits", { namespace: "whole", request: 4, phase: "Pending" }),
  ...pod("half-waits", { namespace: "half", request: 4, phase: "Pending" }),
  ...pod("whole-bad", { namespace: "whole", node: first, request: 1, phase: "Failed", started: 0, completed: 100 }),
  ...pod("half-good", { namespace: "half", node: first, request: 4, phase: "Succeeded", started: 0, completed: 100 }),
  ...cpu("whole-runs", "whole", 30),
  ...cpu("half-runs", "half", 120),
};

const HARVESTER = { namespace: "harvester" };
const ofPod = (name: string, namespace = "harvester") => ({ namespace, pod: name, uid: `uid-${name}` });

/** Cases of one state of a site: every series with all its values. */
function state(
  site: CaseSite,
  shows: string,
  scraped: Scraped,
  minute: number,
  expected: Readonly<Record<string, readonly (readonly [Labels, number])[]>>,
): RecordCase[] {
  return Object.entries(expected).map(([record, values]) => ({
    ...{ record, shows, site, scraped, minute },
    values: values.map(([labels, value]) => ({ labels, value })),
  }));
}

const site = (value: number): readonly (readonly [Labels, number])[] => [[{}, value]];

const small = state("small", "two nodes spread with small jobs", busy, 20, {
  "batch_queue:core_request:cores": [[{ ...HARVESTER, queue: "TEST-K8S" }, 0.9]],
  "batch_queue:largest_request:cores": [[{ ...HARVESTER, queue: "TEST-K8S" }, 7.2]],
  "batch:pod_cores:request": [
    [{ ...ofPod("one-0"), node: first }, 0.9],
    [{ ...ofPod("one-1"), node: second }, 0.9],
    [{ ...ofPod("large"), node: "" }, 7.2],
    [{ ...ofPod("small"), node: "" }, 0.9],
    [{ ...ofPod("good"), node: first }, 7.2],
    [{ ...ofPod("bad"), node: second }, 0.9],
  ],
  "batch_queue:cores_running:sum": [[HARVESTER, 1.8]],
  "batch:cores_running:sum": site(1.8),
  "batch_queue:cores_used:sum": [[HARVESTER, 2]],
  "batch:cores_used:sum": site(2),
  "batch_queue:pods_running:count": [[HARVESTER, 2]],
  "batch_queue:cpu_usage_cores:rate": [[HARVESTER, 0.8 + 0.4]],
  "batch_queue:cpu_efficiency:ratio": [[HARVESTER, 1.2 / 1.8]],
  "batch:cpu_efficiency:ratio": site(1.2 / 1.8),
  "batch:node_cores_allocatable": [
    [{ node: first }, 7.7],
    [{ node: second }, 7.7],
  ],
  "batch:packing_efficiency:ratio": site(1.8 / 15.4),
  "batch:node_cores_free": [
    [{ node: first }, 7.7 - 0.25 - 0.9],
    [{ node: second }, 7.7 - 0.25 - 0.9],
  ],
  "batch:pod_pending:seconds": [
    [{ ...ofPod("large"), size: "large" }, 1200],
    [{ ...ofPod("small"), size: "small" }, 600],
  ],
  "batch_queue:pods_pending:count": [
    [{ ...HARVESTER, size: "large" }, 1],
    [{ ...HARVESTER, size: "small" }, 1],
  ],
  "batch:pods_pending_multicore:count": site(1),
  "batch:node_cores_stranded": [
    [{ ...HARVESTER, node: first }, 6.55],
    [{ ...HARVESTER, node: second }, 6.55],
  ],
  "batch_queue:cores_stranded:sum": [[HARVESTER, 13.1]],
  "batch:cores_stranded:sum": site(13.1),
  "batch:cores_stranded:ratio": site(13.1 / 15.4),
  "batch:pod_wallclock_core_seconds": [
    [ofPod("good"), 600 * 7.2],
    [ofPod("bad"), 300 * 0.9],
  ],
  "batch_queue:wallclock_core_seconds:sum": [
    [{ ...HARVESTER, phase: "Succeeded" }, 4320],
    [{ ...HARVESTER, phase: "Failed" }, 270],
  ],
  "batch:wallclock_core_seconds:sum": [
    [{ phase: "Succeeded" }, 4320],
    [{ phase: "Failed" }, 270],
  ],
  "batch_queue:wallclock_success:ratio": [[HARVESTER, 4320 / 4590]],
  "batch:wallclock_success:ratio": site(4320 / 4590),
  "batch_queue:jobs_ended:count": [
    [{ ...HARVESTER, result: "complete" }, 18],
    [{ ...HARVESTER, result: "failed" }, 2],
  ],
  "batch_queue:job_failure:ratio": [[HARVESTER, 0.1]],
  "batch:job_failure:ratio": site(0.1),
});

const two = state("twoQueues", "queues of other sizes and shares", shared, 20, {
  "batch_queue:core_request:cores": [
    [{ namespace: "whole", queue: "WHOLE-K8S" }, 1],
    [{ namespace: "half", queue: "HALF-K8S" }, 0.5],
  ],
  "batch_queue:largest_request:cores": [
    [{ namespace: "whole", queue: "WHOLE-K8S" }, 4],
    [{ namespace: "half", queue: "HALF-K8S" }, 4],
  ],
  "batch_queue:cores_running:sum": [
    [{ namespace: "whole" }, 1],
    [{ namespace: "half" }, 4],
  ],
  "batch:cores_running:sum": site(5),
  "batch_queue:cores_used:sum": [
    [{ namespace: "whole" }, 1],
    [{ namespace: "half" }, 8],
  ],
  "batch:cores_used:sum": site(9),
  "batch_queue:cpu_efficiency:ratio": [
    [{ namespace: "whole" }, 0.5],
    [{ namespace: "half" }, 0.5],
  ],
  "batch:packing_efficiency:ratio": site(5 / 15.4),
  // The first node has 6.45 cores free, which take either job; the second has 3.45, which both queues wait for.
  "batch:node_cores_stranded": [
    [{ namespace: "whole", node: second }, 3.45],
    [{ namespace: "half", node: second }, 3.45],
  ],
  "batch:cores_stranded:sum": site(3.45),
  "batch_queue:wallclock_success:ratio": [
    [{ namespace: "whole" }, 0],
    [{ namespace: "half" }, 1],
  ],
  "batch:wallclock_success:ratio": site(400 / 500),
});

const idle = state("small", "nothing to do is 0", twoNodes, 5, {
  "batch_queue:cores_running:sum": [[HARVESTER, 0]],
  "batch:cores_used:sum": site(0),
  "batch_queue:pods_running:count": [[HARVESTER, 0]],
  "batch:packing_efficiency:ratio": site(0),
  "batch_queue:pods_pending:count": [
    [{ ...HARVESTER, size: "large" }, 0],
    [{ ...HARVESTER, size: "small" }, 0],
  ],
  "batch:pods_pending_multicore:count": site(0),
  "batch:cores_stranded:sum": site(0),
  "batch_queue:wallclock_success:ratio": [],
  "batch_queue:job_failure:ratio": [],
});

const blind = state("small", "what nobody sees is not 0 but unknown", {}, 5, {
  "batch_queue:cores_running:sum": [],
  "batch:cores_running:sum": [],
  "batch:packing_efficiency:ratio": [],
  "batch_queue:pods_pending:count": [],
  "batch:cores_stranded:sum": [],
});

const closed = state(
  "small",
  "nodes that take no jobs offer no cores: cordoned, not Ready, of another pool",
  {
    ...node(first, { cordoned: steady(1) }),
    ...node(second, { ready: steady(0) }),
    ...node("hosting-services-0"),
    ...node("hosting-control-0"),
  },
  5,
  { "batch:node_cores_allocatable": [] },
);

const leaving = state(
  "small",
  "what still runs on a cordoned node is no share of the others' cores",
  {
    ...twoNodes,
    ...node(first, { cordoned: steady(1) }),
    ...pod("leaving", { node: first, request: 7.2, started: 0 }),
    ...pod("staying", { node: second, request: 3.6, started: 0 }),
  },
  5,
  {
    "batch:cores_running:sum": site(7.2 + 3.6),
    "batch:packing_efficiency:ratio": site(3.6 / 7.7),
  },
);

export const recordCases: readonly RecordCase[] = [...small, ...two, ...idle, ...blind, ...closed, ...leaving];
