/** Where pods of monitoring run, and what all of them have in common; plain values. */
import type { Monitoring, Site } from "../../stacks/site/site";
import { poolPlacement, type Placement } from "../kubernetes/placement";

/**
 * The site's section monitoring, where there is one.
 * @throws Error for a site that is not monitored
 */
export function monitoringOf({ monitoring }: Pick<Site, "monitoring">): Monitoring {
  if (monitoring.mode !== "prometheus") {
    throw new Error(
      "the site has monitoring.mode none; write prometheus, or make no component of the layer monitoring",
    );
  }
  return monitoring;
}

/** Machines of the pool of monitoring. */
export function placementOf(site: Pick<Site, "cloud" | "monitoring">): Placement {
  return poolPlacement(site.cloud, monitoringOf(site).pool);
}
