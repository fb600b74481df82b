/** Where pods of monitoring run, and what all of them have in common; plain values. */
import type { Monitoring } from "../../stacks/site/site";
import { poolPlacement, type Placement } from "../kubernetes/placement";
import type { MonitoredSite } from "./monitoredSite";

/** Machines of the pool of monitoring. */
export function placementOf(
  site: Pick<MonitoredSite, "capabilities"> & { readonly monitoring: Pick<Monitoring, "pool"> },
): Placement {
  return poolPlacement(site.capabilities, site.monitoring.pool);
}
