/** What CVMFS adds to the rest of the site. */
import type { Cvmfs, CvmfsClient } from "../../stacks/site/site";
import type { Contribution, ScrapeTarget } from "../cluster/contribution";
import { selectorOf } from "../kubernetes/names";
import { podsOf, tcp } from "../kubernetes/networkPolicy";
import { hostCvmfs } from "./host";
import { CVMFS_NAMESPACE, CVMFS_SCRAPE_JOBS, SQUID_NAMESPACE, SQUID_PORT, SQUID_SERVICE, UNREADY_TAINT } from "./names";
import { squidOpenings } from "./openings";
import { PROBE_PORT } from "./probeProgram";
import { PROBE } from "./probeRights";
import { clientMemoryMb, NODE_PLUGIN_REQUESTS, PROBE_REQUESTS } from "./requests";
import { SQUID_EXPORTER_PORT } from "./squidExporter";

/** MB of the client's cache, unless it has a volume of its own. */
function cacheOnBootDiskMb(cvmfs: Cvmfs): number {
  const isElsewhere = cvmfs.mode === "none" || (cvmfs.mode === "host" && cvmfs.cacheVolumeGb !== undefined);
  return isElsewhere ? 0 : cvmfs.cacheQuotaMb;
}

function targetsOf({ squid }: CvmfsClient): ScrapeTarget[] {
  const probe = {
    job: CVMFS_SCRAPE_JOBS.probe,
    namespace: CVMFS_NAMESPACE,
    selector: selectorOf(PROBE),
    port: "metrics",
    portNumber: PROBE_PORT,
    perNode: true,
  };
  const squids = {
    job: CVMFS_SCRAPE_JOBS.squid,
    namespace: SQUID_NAMESPACE,
    selector: selectorOf(SQUID_SERVICE),
    port: "metrics",
    portNumber: SQUID_EXPORTER_PORT,
    defaultDeny: true,
    named: true,
  };
  return [probe, ...(squid === undefined ? [] : [squids])];
}

/** Client, cache, probe and taint on batch machines; the squids' volumes and ports. */
export const cvmfsContribution: Contribution = {
  feature: "cvmfs",
  machines: hostCvmfs,
  daemons: ({ cvmfs: { mode } }) => [
    ...(mode === "none" ? [] : [PROBE_REQUESTS]),
    ...(mode === "csi" ? [NODE_PLUGIN_REQUESTS] : []),
  ],
  hostMemoryMb: ({ cvmfs }) => clientMemoryMb(cvmfs),
  nodeDiskMb: ({ cvmfs }) => cacheOnBootDiskMb(cvmfs),
  claims: ({ cvmfs }) =>
    cvmfs.mode === "none" || cvmfs.squid === undefined
      ? []
      : [
          {
            poolPath: ["cvmfs", "squid", "pool"],
            pool: cvmfs.squid.pool,
            sizePath: ["cvmfs", "squid", "cacheGb"],
            sizeGb: cvmfs.squid.cacheGb,
            count: cvmfs.squid.replicas,
            spread: true,
          },
        ],
  jobEgress: ({ cvmfs }) =>
    cvmfs.mode === "none" || cvmfs.squid === undefined
      ? []
      : [
          {
            name: "allow-squid",
            why: "the site's squids, for Frontier",
            egress: [{ to: [podsOf(SQUID_NAMESPACE)], ports: tcp(SQUID_PORT) }],
          },
        ],
  closedTaints: [UNREADY_TAINT.key],
  scrapeTargets: ({ cvmfs }) => (cvmfs.mode === "none" ? [] : targetsOf(cvmfs)),
  openings: (cloud, { cvmfs }) => squidOpenings(cloud, cvmfs),
};
