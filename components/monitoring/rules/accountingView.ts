/**
 * What accounting sees of the jobs. Kuantifier multiplies a job's time by the processor that its pod *requested*, and
 * Harvester requests a share of each core: its records would be too small by that share. So Prometheus keeps, beside what
 * it scrapes, a second picture of a queue's pods with whole cores, under a namespace that Kubernetes could never have.
 */
import type { MonitoredSite } from "../monitoredSite";
import type { RecordingRule, RuleFile } from "./ruleFile";

/** Kubernetes allows no dot in a namespace's name, so nothing but these rules can make series of this one. */
const WHOLE_CORES = ".whole-cores";

/** Share of each core that a queue's pods request, as Prometheus knew it at the time: months are older than site files. */
export const REQUEST_PERCENT = "accounting:cpu_request:percent";

/** Which of a queue's values decide on its picture. */
type AccountedQueue = Pick<MonitoredSite["queues"][string], "namespace" | "cpuRequestPercent">;

/**
 * Namespace under which accounting finds a queue's pods. It is the same whatever share is requested: else a change of it
 * would move the months before.
 */
export function accountedNamespace({ namespace }: Pick<AccountedQueue, "namespace">): string {
  return namespace + WHOLE_CORES;
}

/** The three series that make a record: when a pod started, when it ended, and on how many cores; and the share. */
function viewOf(queue: AccountedQueue): RecordingRule[] {
  const { namespace, cpuRequestPercent } = queue;
  const labels = { namespace: accountedNamespace(queue) };
  const time = (series: string): RecordingRule => ({
    record: series,
    expr: `max by (pod, uid) (${series}{namespace="${namespace}"})`,
    labels,
  });
  // Pods that no node has taken have no label node; they used nothing.
  const requests = `kube_pod_container_resource_requests{resource="cpu", node!="", namespace="${namespace}"}`;
  const ofPod = `sum by (pod, uid, node) (max by (pod, uid, node, container) (${requests}))`;
  return [
    time("kube_pod_start_time"),
    time("kube_pod_completion_time"),
    {
      record: "kube_pod_container_resource_requests",
      // In thousandths of a core, as Kubernetes counts.
      expr: `round(${ofPod} * 100 / ${cpuRequestPercent}, 0.001)`,
      labels: { ...labels, resource: "cpu", unit: "core" },
    },
    { record: REQUEST_PERCENT, expr: `vector(${cpuRequestPercent})`, labels: { namespace } },
  ];
}

/**
 * The rules that make accounting's picture of the jobs.
 * @returns undefined when nobody looks at it
 */
export function accountingView(site: Pick<MonitoredSite, "accounting" | "queues">): RuleFile | undefined {
  const queues = Object.values(site.queues);
  if (site.accounting.mode === "none" || queues.length === 0) {
    return undefined;
  }
  return { groups: [{ name: "accounting-view", rules: queues.flatMap(viewOf) }] };
}
