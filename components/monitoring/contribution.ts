/** What monitoring adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";
import { NODE_EXPORTER_REQUESTS } from "./nodeExporterPod";
import { scrapeOpenings } from "./openings";

/** node-exporter on every node, and the ports of the machines' metrics. */
export const monitoringContribution: Contribution = {
  feature: "monitoring",
  daemons: ({ monitoring }) => (monitoring.mode === "none" ? [] : [NODE_EXPORTER_REQUESTS]),
  openings: (cloud, { monitoring }) => scrapeOpenings(cloud, monitoring),
};
