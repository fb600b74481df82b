/** What monitoring adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";
import { scrapeOpenings } from "./openings";

/** Ports of the machines' metrics. */
export const monitoringContribution: Contribution = {
  feature: "monitoring",
  openings: (cloud, { monitoring }) => scrapeOpenings(cloud, monitoring),
};
