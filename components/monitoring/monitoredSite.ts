import type { Monitoring, Site } from "../../stacks/site/site";
import type { ScrapeTarget } from "../cluster/contribution";
import { siteContext, type SiteContext } from "../cluster/siteContext";

/** What monitoring needs to know of a site: nearly every section adds targets, rules or rights. */
export interface MonitoredSite extends SiteContext, Pick<Site, "queues" | "cvmfs" | "security" | "harvester"> {
  /** The stack file's section of monitoring. */
  readonly monitoring: Monitoring;
  /** Whether logs are shipped. */
  readonly logs: Pick<Site["logs"], "mode">;
  /** Pods of the site's features whose metrics are collected. */
  readonly scrapeTargets: readonly ScrapeTarget[];
  /** Whether the site's use is accounted. */
  readonly accounting: Pick<Site["accounting"], "mode">;
}

/** Namespaces of the queues, in the order of the site file. */
export function queueNamespaces({ queues }: Pick<MonitoredSite, "queues">): string[] {
  return Object.values(queues).map(({ namespace }) => namespace);
}

/**
 * A site as its monitoring sees it; undefined with monitoring.mode none.
 * @param scrapeTargets what the features contribute
 */
export function monitoredSite(site: Site, scrapeTargets: readonly ScrapeTarget[]): MonitoredSite | undefined {
  const { monitoring, queues, cvmfs, security, harvester, logs, accounting } = site;
  return monitoring.mode === "none"
    ? undefined
    : { ...siteContext(site), monitoring, queues, cvmfs, security, harvester, logs, accounting, scrapeTargets };
}
