/**
 * What accounting sees of the jobs. Kuantifier multiplies a job's time by the processor that its pod *requested*, and
 * Harvester requests a share of each core: its records would be too small by that share. So Prometheus keeps, beside what
 * it scrapes, a second picture of a queue's pods with whole cores, under a namespace that Kubernetes could never have.
 */
import type { Site } from "../../../stacks/site";
import type { RecordingRule, RuleFile } from "./ruleFile";

/** Kubernetes allows no dot in a namespace's name, so nothing but these rules can make series of this one. */
const WHOLE_CORES = ".whole-cores";

/** Which of a queue's values decide on its picture. */
export type AccountedQueue = Pick<Site["queues"][string], "namespace" | "cpuRequestPercent">;

/** Namespace under which accounting finds a queue's pods: their own, where Harvester requests whole cores. */
export function accountedNamespace({ namespace, cpuRequestPercent }: AccountedQueue): string {
  return cpuRequestPercent === 100 ? namespace : namespace + WHOLE_CORES;
}

/** The three series that make a record: when a pod started, when it ended, and on how many cores. */
function viewOf(queue: AccountedQueue): RecordingRule[] {
  const { namespace, cpuRequestPercent } = queue;
  const labels = { namespace: accountedNamespace(queue) };
  const time = (series: string): RecordingRule => ({
    record: series,
    expr: `max by (pod, uid) (${series}{namespace="${namespace}"})`,
    labels,
  });
  // Pods that no node has taken have no label node; they used nothing. Thousandths of a core, as Kubernetes counts.
  const requests = `kube_pod_container_resource_requests{resource="cpu", node!="", namespace="${namespace}"}`;
  return [
    time("kube_pod_start_time"),
    time("kube_pod_completion_time"),
    {
      record: "kube_pod_container_resource_requests",
      expr: `round(sum by (pod, uid, node) (max by (pod, uid, node, container) (${requests})) * 100 / ${cpuRequestPercent}, 0.001)`,
      labels: { ...labels, resource: "cpu", unit: "core" },
    },
  ];
}

/**
 * The rules that make accounting's picture of the jobs.
 * @returns undefined when nobody looks at it, or every queue's requests are whole cores
 */
export function accountingView(site: Pick<Site, "accounting" | "queues">): RuleFile | undefined {
  const queues = Object.values(site.queues).filter(({ cpuRequestPercent }) => cpuRequestPercent !== 100);
  if (site.accounting.mode === "none" || queues.length === 0) {
    return undefined;
  }
  return { groups: [{ name: "accounting-view", rules: queues.flatMap(viewOf) }] };
}
