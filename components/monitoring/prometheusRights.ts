/** What Prometheus may read in the cluster, and nothing else; plain values. */
import type { MonitoredSite } from "./monitoredSite";
import { scrapedPods } from "./scrape/targets";

/**
 * In the whole cluster: nodes, to find kubelets and API servers; what kubelets measure; and the path of metrics where a
 * program asks the API who may read it.
 */
export const CLUSTER_RULES = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
  { nonResourceURLs: ["/metrics"], verbs: ["get"] },
];

/** In a namespace with targets: pods, to find them. */
export const NAMESPACE_RULES = [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }];

/** Namespaces with targets, each once. */
export function scrapedNamespaces(site: MonitoredSite): string[] {
  return [...new Set(scrapedPods(site).map(({ namespace }) => namespace))].sort();
}
