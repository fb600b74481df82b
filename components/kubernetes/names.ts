/** Labels and names that every object of the site's own services shares. */

/** Label of namespaces that hold the site's own services; the value is `true`. */
export const INFRASTRUCTURE_LABEL = "atlas-site/infrastructure";

/** Priority class of the site's own services: they may preempt jobs, since without them no job runs for long. */
export const INFRASTRUCTURE_PRIORITY = "atlas-site-infrastructure";

/** Label by which a service's pods are known to its workload, its Service and NetworkPolicies. */
export function labelsOf(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name };
}

/** The same label as a selector, `key=value`. */
export function selectorOf(name: string): string {
  return `app.kubernetes.io/name=${name}`;
}
