/** What log shipping adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";
import { selectorOf } from "../kubernetes/names";
import { SCRAPE_JOBS } from "../monitoring/names";
import { LOG_SHIPPER_REQUESTS } from "./logShipperPod";
import { LOG_SHIPPER, LOG_SHIPPER_METRICS_PORT, LOGS_NAMESPACE } from "./names";

/** The log shipper of every node. */
export const traceabilityContribution: Contribution = {
  feature: "traceability",
  scrapeTargets: ({ logs }) =>
    logs.mode === "none"
      ? []
      : [
          {
            job: SCRAPE_JOBS.logShipper,
            namespace: LOGS_NAMESPACE,
            selector: selectorOf(LOG_SHIPPER),
            port: "metrics",
            portNumber: LOG_SHIPPER_METRICS_PORT,
            defaultDeny: true,
            perNode: true,
          },
        ],
  daemons: ({ logs }) => (logs.mode === "none" ? [] : [LOG_SHIPPER_REQUESTS]),
};
