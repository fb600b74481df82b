/** Parts of PromQL that the rules share: which series are of a queue, of a batch node, of a phase. */
import { queueNamespaces, type MonitoredSite } from "../monitoredSite";

/** Half a thousandth of a core: sums of requests are floating-point numbers, and 7.2 must not miss 7.2. */
const ROUNDING = 0.0005;

/** Series of a metric that fit all matchers; empty ones say nothing. */
export function series(metric: string, ...matchers: string[]): string {
  const given = matchers.filter((matcher) => matcher !== "");
  return given.length === 0 ? metric : `${metric}{${given.join(",")}}`;
}

/** Matcher of a label with one of these values. They are names of Kubernetes, which need no quoting in a pattern. */
function oneOf(label: string, values: readonly string[]): string {
  return values.length === 1 ? `${label}="${values[0]}"` : `${label}=~"${values.join("|")}"`;
}

/** Matcher of what is in a queue's namespace; the site must have one. */
export function inQueues(site: Pick<MonitoredSite, "queues">): string {
  return oneOf("namespace", queueNamespaces(site));
}

/** Matcher of what is in no queue's namespace. */
export function outsideQueues(site: Pick<MonitoredSite, "queues">): string {
  const namespaces = queueNamespaces(site);
  return namespaces.length === 0 ? "" : `namespace!~"${namespaces.join("|")}"`;
}

/** Matcher of the nodes of some pools, by the names of their machines; empty where the program names no machine. */
export function nodesOf(
  { site, capabilities }: Pick<MonitoredSite, "site" | "capabilities">,
  pools: readonly string[],
): string {
  return capabilities.machines === undefined ? "" : `node=~"${site.name}-(${pools.join("|")})-[0-9]+"`;
}

/** Matcher of the nodes that jobs run on; empty where the program names no machine. */
export function batchNodes(site: Pick<MonitoredSite, "site" | "capabilities">): string {
  const pools = Object.entries(site.capabilities.nodePools ?? {}).filter(([, { role }]) => role === "batch");
  return nodesOf(
    site,
    pools.map(([name]) => name),
  );
}

/**
 * Range of a rate: four scrapes, so that one may fail.
 * @param least seconds that it has at least; default five minutes
 */
export function rateRange(site: Pick<MonitoredSite, "monitoring">, least = 300): string {
  const { scrapeSeconds } = site.monitoring;
  return `${Math.max(least, 4 * scrapeSeconds)}s`;
}

/** Minutes in which there are two scrapes, at least one: what lasts no longer may be a single look that went wrong. */
export function twoScrapes(site: Pick<MonitoredSite, "monitoring">): number {
  return Math.ceil((2 * site.monitoring.scrapeSeconds) / 60);
}

/**
 * What a counter of the nodes' programs has grown by, the first time as well. Many programs have no series of a counter
 * before the first event; increase() takes a series' first value for where it began, so that one event alone is none to it.
 * @param job scrape job of the programs, one on each node. What was not there at the range's begin is new only where the
 *   program answered then: else every old count would be new to a Prometheus that was away.
 */
export function grownOnNode(counter: string, job: string, range: string): string {
  const selector = `${counter}{job="${job}"}`;
  return (
    `(${selector} unless ${selector} offset ${range} and on (node) (up{job="${job}"} offset ${range} == 1)` +
    ` or increase(${selector}[${range}]))`
  );
}

/** Pods of the queues that are in one of these phases; value 1, labels namespace, pod and uid. */
export function queuePodsIn(site: Pick<MonitoredSite, "queues">, ...phases: string[]): string {
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
