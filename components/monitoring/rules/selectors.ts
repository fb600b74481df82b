/** Parts of PromQL that the rules share: which series are of a queue, of a batch node, of a phase. */
import type { Monitoring, Site } from "../../../stacks/site";

/** Half a thousandth of a core: sums of requests are floating-point numbers, and 7.2 must not miss 7.2. */
const ROUNDING = 0.0005;

/**
 * The section monitoring of a site that has one.
 * @throws Error for a site that is not watched
 */
export function monitoringOf({ monitoring }: Pick<Site, "monitoring">): Monitoring {
  if (monitoring.mode !== "prometheus") {
    throw new Error(
      `rules are for Prometheus, and monitoring.mode is ${monitoring.mode}; make none, or write prometheus`,
    );
  }
  return monitoring;
}

/** Series of a metric that fit all matchers; empty ones say nothing. */
export function series(metric: string, ...matchers: string[]): string {
  const given = matchers.filter((matcher) => matcher !== "");
  return given.length === 0 ? metric : `${metric}{${given.join(",")}}`;
}

/** Matcher of a label with one of these values. They are names of Kubernetes, which need no quoting in a pattern. */
function oneOf(label: string, values: readonly string[]): string {
  return values.length === 1 ? `${label}="${values[0]}"` : `${label}=~"${values.join("|")}"`;
}

/** Namespaces of the queues, in the order of the site file. */
export function queueNamespaces({ queues }: Pick<Site, "queues">): string[] {
  return Object.values(queues).map(({ namespace }) => namespace);
}

/** Matcher of what is in a queue's namespace; the site must have one. */
export function inQueues(site: Pick<Site, "queues">): string {
  return oneOf("namespace", queueNamespaces(site));
}

/** Matcher of what is in no queue's namespace. */
export function outsideQueues(site: Pick<Site, "queues">): string {
  const namespaces = queueNamespaces(site);
  return namespaces.length === 0 ? "" : `namespace!~"${namespaces.join("|")}"`;
}

/** Matcher of a pool's nodes, whose names are the site's; empty where the machines are not, and no one can tell. */
export function nodesOf({ site, cloud }: Pick<Site, "site" | "cloud">, pools: readonly string[]): string {
  return cloud === undefined ? "" : `node=~"${site.name}-(${pools.join("|")})-[0-9]+"`;
}

/** Matcher of the nodes that jobs run on; empty where the machines are not the site's. */
export function batchNodes(site: Pick<Site, "site" | "cloud">): string {
  const pools = Object.entries(site.cloud?.pools ?? {}).filter(([, { role }]) => role === "batch");
  return nodesOf(
    site,
    pools.map(([name]) => name),
  );
}

/** Range of a rate: four scrapes, so that one may fail, and never less than five minutes. */
export function rateRange(site: Pick<Site, "monitoring">): string {
  const { scrapeSeconds } = monitoringOf(site);
  return `${Math.max(300, 4 * scrapeSeconds)}s`;
}

/** Pods of the queues that are in one of these phases; value 1, labels namespace, pod and uid. */
export function queuePodsIn(site: Pick<Site, "queues">, ...phases: string[]): string {
  const matched = series("kube_pod_status_phase", oneOf("phase", phases), inQueues(site));
  return `max by (namespace, pod, uid) (${matched} == 1)`;
}

/** Request of a queue's jobs of some cores, in cores: Harvester asks for a share of each. */
export function requestOf({ cpuRequestPercent }: { readonly cpuRequestPercent: number }, cores: number): number {
  // In this order one rounding is left, the same that Kubernetes makes of thousandths.
  return (cores * cpuRequestPercent) / 100;
}

/** A little less than a request, for "at least" and "less than". */
export function justBelow(cores: number): string {
  return (cores - ROUNDING).toFixed(4);
}

/**
 * 0 for each queue, while kube-state-metrics answers: what nobody counts is none, but what nobody can see is unknown.
 */
export const NONE_OF_EACH_QUEUE =
  "0 * (sum by (namespace) (batch_queue:core_request:cores) and on () (count(kube_node_info) > 0))";
