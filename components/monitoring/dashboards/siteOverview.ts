/** The site at a glance, and what the paper shows of a cluster as its Figure 1. */
import { SCRAPE_JOBS } from "../names";
import { dashboardOf } from "./dashboard";
import { allocatable, CPU_USED, MEMORY_USED, runningRequests, STATE } from "./expressions";
import { stat, table, timeSeries, type PanelText } from "./panels";
import { BYTES, CORES, COUNT, SHARE } from "./units";

const firing = 'ALERTS{alertstate="firing", alertname!="Watchdog"}';

const now = [
  stat({
    title: "Nodes ready",
    description: "Of all nodes there are. Good: both numbers are the same.",
    alerts: ["KubeNodeNotReady", "NodesNotReady", "NodesMissing"],
    unit: COUNT,
    queries: [
      {
        expression: `sum(kube_node_status_condition{${STATE}, condition="Ready", status="true"})`,
        legend: "ready",
      },
      { expression: `count(kube_node_info{${STATE}})`, legend: "all" },
    ],
  }),
  stat({
    title: "Cores for jobs",
    description: "What Ready batch nodes that take pods offer. Good: as many as the site file promises.",
    unit: CORES,
    queries: [{ expression: "sum(batch:node_cores_allocatable)", legend: "allocatable" }],
  }),
  stat({
    title: "Cores in use",
    description: "Cores that running jobs asked for. Good: nearly all of them, as long as PanDA has work.",
    unit: CORES,
    queries: [{ expression: "batch:cores_running:sum", legend: "running" }],
  }),
  stat({
    title: "Packing",
    description: "Cores in use of all cores for jobs. Good: above 90 % under load. Details: dashboard Batch.",
    alerts: ["BatchCoresStranded"],
    unit: SHARE,
    queries: [{ expression: "batch:packing_efficiency:ratio", legend: "packing" }],
  }),
  stat({
    title: "Wallclock of good jobs",
    description:
      "Core time of pods that succeeded, of all that ended and are still known. Good: at least the 94 % of the paper. " +
      "A payload that fails inside a pilot that ends well is seen by PanDA alone.",
    alerts: ["WallclockSuccessLow"],
    unit: SHARE,
    queries: [{ expression: "batch:wallclock_success:ratio", legend: "success" }],
  }),
  stat({
    title: "Alerts firing",
    description: "The watchdog, which always fires, is not counted. Good: none. Each alert names its runbook.",
    unit: COUNT,
    queries: [{ expression: `count(${firing}) or vector(0)`, legend: "firing" }],
  }),
];

/** Use by namespace with what there is; the same for processors and memory. */
function byNamespace(text: Omit<PanelText, "queries">, used: string, resource: "cpu" | "memory") {
  return timeSeries(
    {
      ...text,
      queries: [
        { expression: `sum by (namespace) (${used})`, legend: "{{namespace}}" },
        { expression: allocatable(resource), legend: "allocatable" },
      ],
    },
    { stacked: true, bound: "allocatable" },
  );
}

/** Used and asked for, of what there is. */
function utilisation(title: string, used: string, resource: "cpu" | "memory") {
  return timeSeries({
    title,
    description:
      "Of what all nodes offer to pods. Good: what is used is near what is asked for. Far below, jobs ask for more than " +
      "they need; above, nodes run out of it.",
    unit: SHARE,
    queries: [
      { expression: `sum(${used}) / ${allocatable(resource)}`, legend: "used" },
      { expression: `sum(${runningRequests(resource)}) / ${allocatable(resource)}`, legend: "asked for" },
    ],
  });
}

const cluster = [
  byNamespace(
    {
      title: "Processors by namespace",
      description: "Cores really used, by namespace. Good: the queues' namespaces have nearly all of it.",
      unit: CORES,
    },
    CPU_USED,
    "cpu",
  ),
  byNamespace(
    {
      title: "Memory by namespace",
      description: "Working sets of all containers. Good: below the dashed line with some room.",
      unit: BYTES,
    },
    MEMORY_USED,
    "memory",
  ),
  utilisation("Processors", CPU_USED, "cpu"),
  utilisation("Memory", MEMORY_USED, "memory"),
  table({
    title: "Namespaces",
    description: "Running pods of each namespace, what they use and what they asked for.",
    unit: COUNT,
    width: 24,
    columns: [
      {
        heading: "Pods",
        expression: `sum by (namespace) (kube_pod_status_phase{${STATE}, phase="Running"} == 1)`,
      },
      { heading: "Cores used", unit: CORES, expression: `sum by (namespace) (${CPU_USED})` },
      { heading: "Cores asked for", unit: CORES, expression: `sum by (namespace) (${runningRequests("cpu")})` },
      { heading: "Memory used", unit: BYTES, expression: `sum by (namespace) (${MEMORY_USED})` },
      { heading: "Memory asked for", unit: BYTES, expression: `sum by (namespace) (${runningRequests("memory")})` },
    ],
  }),
];

const nodes = [
  timeSeries({
    title: "Processors by node",
    description: "Cores used by pods. Good: batch nodes alike, and near their cores under load.",
    unit: CORES,
    queries: [{ expression: `sum by (node) (${CPU_USED})`, legend: "{{node}}" }],
  }),
  timeSeries({
    title: "Memory by node",
    description: "Working sets of pods. Good: well below what the node has, or the kernel kills jobs.",
    unit: BYTES,
    queries: [{ expression: `sum by (node) (${MEMORY_USED})`, legend: "{{node}}" }],
  }),
  timeSeries({
    title: "Pods by node",
    description: "Running pods, the site's own too. Good: no batch node without jobs while others are full.",
    unit: COUNT,
    queries: [{ expression: `sum by (node) (kubelet_running_pods{job="${SCRAPE_JOBS.kubelet}"})`, legend: "{{node}}" }],
  }),
  timeSeries(
    {
      title: "Least free disk by node",
      description: "Of each node's fullest file system. Good: above 15 %; below, the kubelet evicts pods.",
      alerts: ["KubeNodePressure", "KubeNodeEviction", "CvmfsCacheFull"],
      unit: SHARE,
      queries: [
        {
          expression:
            `min by (node) (node_filesystem_avail_bytes{job="${SCRAPE_JOBS.nodeExporter}"}` +
            ` / node_filesystem_size_bytes{job="${SCRAPE_JOBS.nodeExporter}"})`,
          legend: "{{node}}",
        },
      ],
    },
    { max: 1 },
  ),
];

const alerts = [
  timeSeries({
    title: "Alerts firing",
    description: "How many of each name. Good: the watchdog alone; without it nobody is told of anything.",
    unit: COUNT,
    queries: [
      {
        expression: 'count by (alertname, severity) (ALERTS{alertstate="firing"})',
        legend: "{{alertname}} ({{severity}})",
      },
    ],
  }),
  table({
    title: "Alerts now",
    description: "Pending: the time of its `for` is not over. What to do: docs/runbooks/, by the alert's name.",
    unit: COUNT,
    columns: [
      { heading: "Series", expression: "count by (alertname, alertstate, severity, namespace, node) (ALERTS)" },
    ],
  }),
];

/** Dashboard "Site overview". */
export function siteOverview() {
  return dashboardOf({
    name: "site-overview",
    title: "ATLAS site: overview",
    description: "Is the site well, and what does it use? Figure 1 of the paper, live.",
    from: "now-6h",
    rows: [
      { title: "Now", panels: now },
      { title: "The cluster (Figure 1)", panels: cluster },
      { title: "Nodes", panels: nodes },
      { title: "Alerts", panels: alerts },
    ],
  });
}
