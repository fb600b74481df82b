/** The batch system: what Figures 3 and 4 of the paper show, and why a job waits or fails. */
import { SCRAPE_JOBS } from "../names";
import { dashboardOf } from "./dashboard";
import { CONTAINERS, ofBatchPods, orZero, podsIn, quantile, RUNNING_CORES, STATE, WAITING_CORES } from "./expressions";
import { timeSeries } from "./panels";
import { BYTES, CORE_HOURS, CORES, COUNT, SECONDS, SHARE } from "./units";

const KUBELET = `job="${SCRAPE_JOBS.kubelet}"`;

const cores = [
  timeSeries(
    {
      title: "Cores in use",
      description:
        "Cores that running jobs asked for, by queue, and what Ready batch nodes offer. Good: the stack reaches the dashed " +
        "line. A gap that stays while jobs wait is what the paper's ellipses mark in Figures 3 and 4.",
      unit: CORES,
      queries: [
        { expression: "sum by (namespace) (batch_queue:cores_running:sum)", legend: "{{namespace}}" },
        { expression: "sum(batch:node_cores_allocatable)", legend: "allocatable" },
      ],
    },
    { width: 24, stacked: true, bound: "allocatable" },
  ),
  timeSeries(
    {
      title: "Packing efficiency",
      description: "Cores in use of all cores for jobs. Good: above 90 % while jobs wait.",
      unit: SHARE,
      queries: [{ expression: "batch:packing_efficiency:ratio", legend: "packing" }],
    },
    { max: 1 },
  ),
  timeSeries({
    title: "Stranded cores",
    description:
      "Free cores on nodes where a small job fits and the largest does not, while one of those waits: the paper's inefficiency as one number. " +
      "Good: 0 but for the short time in which nodes drain for a large job.",
    alerts: ["BatchCoresStranded"],
    unit: CORES,
    queries: [{ expression: "batch:cores_stranded:sum", legend: "stranded" }],
  }),
  timeSeries({
    title: "Free cores by node",
    description: "Good: a few nodes quite empty and the rest full, rather than some free cores everywhere.",
    unit: CORES,
    queries: [{ expression: "sum by (node) (batch:node_cores_free)", legend: "{{node}}" }],
  }),
  timeSeries({
    title: "Jobs' pods by node",
    description: "Good: one-core jobs together on few nodes. A node with none while others are full takes no jobs.",
    unit: COUNT,
    queries: [{ expression: `count by (node) (${RUNNING_CORES})`, legend: "{{node}}" }],
  }),
];

const waiting = [
  timeSeries(
    {
      title: "Waiting pods by size",
      description:
        "Pods that no node has taken yet, by the cores they ask for. Good: some always wait, so that no core is idle; " +
        "one size alone that grows cannot be placed.",
      alerts: ["BatchPodsPending"],
      unit: COUNT,
      queries: [
        { expression: orZero(`count_values("cores", ${WAITING_CORES})`, "cores", "no"), legend: "{{cores}} cores" },
        { expression: "sum(batch_queue:pods_pending:count)", legend: "all" },
      ],
    },
    { stacked: true, bound: "all" },
  ),
  timeSeries({
    title: "Waiting pods of the largest size",
    description:
      "By queue. Good: they go down within hours. With stranded cores above 0 the site wastes cores for them.",
    alerts: ["BatchLargePodsPending"],
    unit: COUNT,
    queries: [
      { expression: 'sum by (namespace) (batch_queue:pods_pending:count{size="large"})', legend: "{{namespace}}" },
    ],
  }),
  timeSeries({
    title: "Starts an hour",
    description:
      "Pods that started within the hour before, by queue, as far as their Jobs are still kept. Good: never 0 while pods wait.",
    alerts: ["BatchNothingStarts"],
    unit: COUNT,
    queries: [
      {
        expression: `count by (namespace) (${ofBatchPods(`(time() - kube_pod_start_time{${STATE}} < 3600)`)})`,
        legend: "{{namespace}}",
      },
    ],
  }),
  timeSeries({
    title: "Time to start on a node",
    description:
      "Of starts in the hour before: from when the node hears of a pod to when it runs, image pulls counted. Good: seconds.",
    alerts: ["PodsNotStarting", "ImagePullFailing"],
    unit: SECONDS,
    queries: [
      {
        expression: quantile(0.5, "kubelet_pod_start_duration_seconds", KUBELET, { window: "1h" }),
        legend: "half",
      },
      {
        expression: quantile(0.95, "kubelet_pod_start_duration_seconds", KUBELET, { window: "1h" }),
        legend: "95 %",
      },
    ],
  }),
];

const endings = [
  timeSeries(
    {
      title: "Wallclock of good jobs",
      description:
        "Core time of pods that succeeded, of all that ended and are still known. Good: at least the paper's 94 %. An upper " +
        "bound: a payload that fails inside a pilot that ends well is seen by PanDA alone.",
      alerts: ["WallclockSuccessLow"],
      unit: SHARE,
      queries: [
        { expression: "batch_queue:wallclock_success:ratio", legend: "{{namespace}}" },
        { expression: "batch:wallclock_success:ratio", legend: "site" },
      ],
    },
    { max: 1 },
  ),
  timeSeries(
    {
      title: "Core hours of ended pods",
      description: "Of pods still known, by how they ended. Good: Failed is a thin line.",
      unit: CORE_HOURS,
      queries: [{ expression: "sum by (phase) (batch:wallclock_core_seconds:sum) / 3600", legend: "{{phase}}" }],
    },
    { stacked: true },
  ),
  timeSeries(
    {
      title: "Jobs that fail",
      description: "Of Jobs that ended and are still known. Good: below 10 %.",
      alerts: ["JobsFailing"],
      unit: SHARE,
      queries: [
        { expression: "batch_queue:job_failure:ratio", legend: "{{namespace}}" },
        { expression: "batch:job_failure:ratio", legend: "site" },
      ],
    },
    { max: 1 },
  ),
  timeSeries(
    {
      title: "Why containers ended",
      description:
        "Containers of the queues' pods that ended badly, by Kubernetes' reason. OOMKilled: the job used more memory than " +
        "it asked for.",
      alerts: ["JobsOutOfMemory", "NodeBlackHole"],
      unit: COUNT,
      queries: [
        {
          expression: orZero(
            `count by (reason) (${ofBatchPods(
              `(kube_pod_container_status_terminated_reason{${STATE}, reason!="Completed"} == 1)`,
            )})`,
            "reason",
            "none",
          ),
          legend: "{{reason}}",
        },
        {
          expression: `count(${ofBatchPods(podsIn("Failed"))}) or vector(0)`,
          legend: "failed pods",
        },
      ],
    },
    { stacked: true, bound: "failed pods" },
  ),
];

const use = [
  timeSeries({
    title: "Processor efficiency",
    description:
      "Processor time used of what running jobs asked for. Good: near or above 1, since jobs ask for a little less than whole " +
      "cores. Low: jobs wait for data.",
    unit: SHARE,
    queries: [
      { expression: "batch_queue:cpu_efficiency:ratio", legend: "{{namespace}}" },
      { expression: "batch:cpu_efficiency:ratio", legend: "site" },
    ],
  }),
  timeSeries({
    title: "Memory of jobs",
    description: "Used and asked for. Good: used below asked for; far below it, nodes could take more jobs.",
    unit: BYTES,
    queries: [
      {
        expression: `sum(container_memory_working_set_bytes{${CONTAINERS}} and on (namespace, pod) batch:pod_cores:request)`,
        legend: "used",
      },
      {
        expression: `sum(${ofBatchPods(
          `kube_pod_container_resource_requests{${STATE}, resource="memory"}`,
        )} and on (namespace, pod, uid) ${podsIn("Running")})`,
        legend: "asked for",
      },
    ],
  }),
];

/** Dashboard "Batch". */
export function batch() {
  return dashboardOf({
    name: "batch",
    title: "ATLAS site: batch",
    description: "Are the cores in use, what waits and why, and how do jobs end?",
    from: "now-24h",
    rows: [
      { title: "Cores (Figures 3 and 4)", panels: cores },
      { title: "Waiting and starting", panels: waiting },
      { title: "How jobs end", panels: endings },
      { title: "What jobs use", panels: use },
    ],
  });
}
