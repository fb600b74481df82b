/** What log shipping adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";
import { LOG_SHIPPER_REQUESTS } from "./logShipperPod";

/** The log shipper of every node. */
export const traceabilityContribution: Contribution = {
  feature: "traceability",
  daemons: ({ logs }) => (logs.mode === "none" ? [] : [LOG_SHIPPER_REQUESTS]),
};
