/** What CVMFS adds to the rest of the site. */
import type { Cvmfs } from "../../stacks/site/site";
import type { Contribution } from "../cluster/contribution";
import { podsOf, tcp } from "../kubernetes/networkPolicy";
import { hostCvmfs } from "./host";
import { SQUID_NAMESPACE, SQUID_PORT, UNREADY_TAINT } from "./names";
import { squidOpenings } from "./openings";
import { clientMemoryMb, NODE_PLUGIN_REQUESTS, PROBE_REQUESTS } from "./requests";

/** MB of the client's cache, unless it has a volume of its own. */
function cacheOnBootDiskMb(cvmfs: Cvmfs): number {
  const isElsewhere = cvmfs.mode === "none" || (cvmfs.mode === "host" && cvmfs.cacheVolumeGb !== undefined);
  return isElsewhere ? 0 : cvmfs.cacheQuotaMb;
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
  openings: (cloud, { cvmfs }) => squidOpenings(cloud, cvmfs),
};
