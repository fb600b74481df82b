/** What monitoring adds to the rest of the site. */
import type { Monitoring } from "../../stacks/site/site";
import type { Contribution, VolumeClaims } from "../cluster/contribution";
import { ALERTMANAGER_VOLUME_GB } from "./alertmanagerPod";
import { NODE_EXPORTER_REQUESTS } from "./nodeExporterPod";
import { scrapeOpenings } from "./openings";

/** The volumes of Prometheus and Alertmanager. */
function monitoringClaims({ pool, volumeGb }: Monitoring): VolumeClaims[] {
  return [volumeGb, ALERTMANAGER_VOLUME_GB].map((sizeGb) => ({
    poolPath: ["monitoring", "pool"],
    pool,
    sizePath: ["monitoring", "volumeGb"],
    sizeGb,
    count: 1,
    spread: false,
  }));
}

/** node-exporter on every node, the services' volumes, and the ports of the machines' metrics. */
export const monitoringContribution: Contribution = {
  feature: "monitoring",
  daemons: ({ monitoring }) => (monitoring.mode === "none" ? [] : [NODE_EXPORTER_REQUESTS]),
  claims: ({ monitoring }) => (monitoring.mode === "none" ? [] : monitoringClaims(monitoring)),
  requiredSecrets: ({ monitoring }) =>
    monitoring.mode === "prometheus" && monitoring.routes.length > 0
      ? [{ key: "alertReceivers", path: ["monitoring", "routes"] }]
      : [],
  openings: (cloud, { monitoring }) => scrapeOpenings(cloud, monitoring),
};
