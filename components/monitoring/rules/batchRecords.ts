/** What the batch system does, kept as series: cores asked for, used, offered, free, stranded, and who waits for them. */
import type { Queue } from "../../../stacks/site/site";
import type { MonitoredSite } from "../monitoredSite";
import type { RecordingRule } from "./ruleFile";
import {
  NONE_OF_EACH_QUEUE,
  batchNodes,
  inQueues,
  justBelow,
  nodesOf,
  queuePodsIn,
  rateRange,
  requestOf,
  series,
} from "./selectors";

const POD = "namespace, pod, uid";

/** Constants of the site file as series, so that the other rules and the dashboards can reckon with them. */
function queueConstants(site: MonitoredSite): RecordingRule[] {
  return Object.entries(site.queues).flatMap(([queue, section]) => {
    const labels = { namespace: section.namespace, queue };
    return [
      { record: "batch_queue:core_request:cores", expr: `vector(${requestOf(section, 1)})`, labels },
      {
        record: "batch_queue:largest_request:cores",
        expr: `vector(${requestOf(section, section.largestJob.cores)})`,
        labels,
      },
    ];
  });
}

function cores(site: MonitoredSite): RecordingRule[] {
  const requests = series("kube_pod_container_resource_requests", 'resource="cpu"', inQueues(site));
  const cpu = series("container_cpu_usage_seconds_total", inQueues(site), 'container!=""', 'container!="POD"');
  const running = queuePodsIn(site, "Running");
  return [
    {
      record: "batch:pod_cores:request",
      // The inner maximum: two kube-state-metrics during an update of it are not two pods.
      expr: `sum by (${POD}, node) (max by (${POD}, node, container) (${requests}))`,
    },
    {
      record: "batch_queue:cores_running:sum",
      expr: `sum by (namespace) (batch:pod_cores:request * on (${POD}) group_left () ${running}) or ${NONE_OF_EACH_QUEUE}`,
    },
    { record: "batch:cores_running:sum", expr: "sum(batch_queue:cores_running:sum)" },
    {
      record: "batch_queue:cores_used:sum",
      expr: "batch_queue:cores_running:sum / on (namespace) batch_queue:core_request:cores",
    },
    { record: "batch:cores_used:sum", expr: "sum(batch_queue:cores_used:sum)" },
    {
      record: "batch_queue:pods_running:count",
      expr: `count by (namespace) (${running}) or ${NONE_OF_EACH_QUEUE}`,
    },
    {
      record: "batch_queue:cpu_usage_cores:rate",
      expr: `sum by (namespace) (rate(${cpu}[${rateRange(site)}]))`,
    },
    {
      record: "batch_queue:cpu_efficiency:ratio",
      expr: "batch_queue:cpu_usage_cores:rate / on (namespace) (batch_queue:cores_running:sum > 0)",
    },
    {
      record: "batch:cpu_efficiency:ratio",
      expr: "sum(batch_queue:cpu_usage_cores:rate) / (batch:cores_running:sum > 0)",
    },
  ];
}

function nodes(site: MonitoredSite): RecordingRule[] {
  const batch = batchNodes(site);
  const allocatable = series("kube_node_status_allocatable", 'resource="cpu"', batch);
  const ready = 'kube_node_status_condition{condition="Ready",status="true"} == 1';
  const requests = series("kube_pod_container_resource_requests", 'resource="cpu"', 'node!=""', batch);
  const bound = `max by (${POD}) (kube_pod_status_phase{phase=~"Pending|Running"} == 1)`;
  return [
    {
      record: "batch:node_cores_allocatable",
      expr:
        `max by (node) (${allocatable} unless on (node) kube_node_role{role="control-plane"}` +
        ` unless on (node) (kube_node_spec_unschedulable == 1) and on (node) (${ready}))`,
    },
    {
      record: "batch:packing_efficiency:ratio",
      // On the same nodes: what still runs on one that takes no more jobs is not part of what the others offer.
      expr:
        `(sum(batch:pod_cores:request * on (${POD}) group_left () ${queuePodsIn(site, "Running")}` +
        " and on (node) batch:node_cores_allocatable) or 0 * batch:cores_running:sum)" +
        " / sum(batch:node_cores_allocatable)",
    },
    {
      record: "batch:node_cores_free",
      // Of every pod that has the node, also of daemons: what they ask for is no room for jobs.
      expr:
        `batch:node_cores_allocatable - on (node) (sum by (node) (max by (${POD}, node, container) (${requests})` +
        ` * on (${POD}) group_left () ${bound}) or on (node) batch:node_cores_allocatable * 0)`,
    },
  ];
}

/** Pods that no node has taken yet, by size: those of the queue's largest job, and smaller ones. */
function waiting(site: MonitoredSite): RecordingRule[] {
  const created = `max by (${POD}) (${series("kube_pod_created", inQueues(site))})`;
  const pending = queuePodsIn(site, "Pending");
  const bySize = (size: "small" | "large", comparison: "<" | ">="): RecordingRule => ({
    record: "batch:pod_pending:seconds",
    expr:
      `(time() - ${created}) and on (${POD}) ${pending} and on (${POD}) (batch:pod_cores:request{node=""}` +
      ` ${comparison} on (namespace) group_left () (batch_queue:largest_request:cores - 0.0005))`,
    labels: { size },
  });
  const counted = (size: string): RecordingRule => ({
    record: "batch_queue:pods_pending:count",
    expr: `count by (namespace) (batch:pod_pending:seconds{size="${size}"}) or ${NONE_OF_EACH_QUEUE}`,
    labels: { size },
  });
  return [
    bySize("small", "<"),
    bySize("large", ">="),
    counted("small"),
    counted("large"),
    {
      record: "batch:pods_pending_multicore:count",
      expr: 'sum(batch_queue:pods_pending:count{size="large"})',
    },
  ];
}

/** Free cores of a node on which a job of one core fits and the queue's largest does not, while one of those waits. */
function strandedOn(site: MonitoredSite, queue: Queue): RecordingRule {
  const { namespace, pool, largestJob } = queue;
  const free = series("batch:node_cores_free", nodesOf(site, [pool]));
  const least = justBelow(requestOf(queue, 1));
  const most = justBelow(requestOf(queue, largestJob.cores));
  const waiting = series("batch_queue:pods_pending:count", `namespace="${namespace}"`, 'size="large"');
  return {
    record: "batch:node_cores_stranded",
    expr: `(${free} >= ${least} < ${most}) and on () (${waiting} > 0)`,
    labels: { namespace },
  };
}

function stranded(site: MonitoredSite): RecordingRule[] {
  return [
    ...Object.values(site.queues).map((queue) => strandedOn(site, queue)),
    {
      record: "batch_queue:cores_stranded:sum",
      expr: `sum by (namespace) (batch:node_cores_stranded) or ${NONE_OF_EACH_QUEUE}`,
    },
    {
      record: "batch:cores_stranded:sum",
      // Two queues may wait for the same node.
      expr: "sum(max by (node) (batch:node_cores_stranded)) or sum(batch_queue:cores_stranded:sum) * 0",
    },
    {
      record: "batch:cores_stranded:ratio",
      expr: "batch:cores_stranded:sum / sum(batch:node_cores_allocatable)",
    },
  ];
}

/** The series in the order in which they stand on one another. */
export function batchRecords(site: MonitoredSite): RecordingRule[] {
  return [...queueConstants(site), ...cores(site), ...nodes(site), ...waiting(site), ...stranded(site)];
}
