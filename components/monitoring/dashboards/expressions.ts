/** Parts of PromQL that several panels share. Whose pods a queue's are is decided by what the rules record, never here. */
import { SCRAPE_JOBS } from "../names";

/** Selector of kube-state-metrics' series. */
export const STATE = `job="${SCRAPE_JOBS.stateMetrics}"`;

/** Containers by cAdvisor: not the pods' own cgroups, which hold the same once more. */
export const CONTAINERS = `job="${SCRAPE_JOBS.cadvisor}", container!=""`;

/** Pods of every namespace in a phase, each with the value 1. */
export function podsIn(phase: "Running" | "Failed"): string {
  return `max by (namespace, pod, uid) (kube_pod_status_phase{${STATE}, phase="${phase}"} == 1)`;
}

/** Cores asked for by each running pod of the queues, with its node. */
export const RUNNING_CORES = `batch:pod_cores:request * on (namespace, pod, uid) group_left () ${podsIn("Running")}`;

/**
 * What a query gives where it would give nothing: a zero with a label, so that a panel without trouble is not one without
 * data.
 */
export function orZero(expression: string, label: string, value: string): string {
  return `${expression} or on () label_replace(vector(0), "${label}", "${value}", "", "")`;
}

/** Cores asked for by each pod of the queues that no node has taken yet. */
export const WAITING_CORES = "batch:pod_cores:request and on (namespace, pod, uid) batch:pod_pending:seconds";

/** Of these series, which have labels namespace, pod and uid, those of the queues' pods. */
export function ofBatchPods(series: string): string {
  return `${series} and on (namespace, pod, uid) batch:pod_cores:request`;
}

/** Requests of running pods of every namespace. */
export function runningRequests(resource: "cpu" | "memory"): string {
  const requests = `kube_pod_container_resource_requests{${STATE}, resource="${resource}"}`;
  return `${requests} * on (namespace, pod, uid) group_left () ${podsIn("Running")}`;
}

/** Cores used by every container, as a rate over as long as the panel needs. */
export const CPU_USED = `rate(container_cpu_usage_seconds_total{${CONTAINERS}}[$__rate_interval])`;

/** Memory of every container that the kernel could not take back at once. */
export const MEMORY_USED = `container_memory_working_set_bytes{${CONTAINERS}}`;

/** What all nodes together offer to pods. */
export function allocatable(resource: "cpu" | "memory"): string {
  return `sum(kube_node_status_allocatable{${STATE}, resource="${resource}"})`;
}

/** What a quantile is made of. */
export interface QuantileOptions {
  /** Labels that stay; none when absent. */
  readonly by?: readonly string[];
  /** How far back observations count: longer for what is rare, since of none there is no quantile. */
  readonly window?: string;
}

/** A quantile of a histogram. */
export function quantile(
  share: number,
  histogram: string,
  selector: string,
  { by = [], window = "$__rate_interval" }: QuantileOptions = {},
): string {
  const buckets = `rate(${histogram}_bucket{${selector}}[${window}])`;
  return `histogram_quantile(${share}, sum by (${["le", ...by].join(", ")}) (${buckets}))`;
}
