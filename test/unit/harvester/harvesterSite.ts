/** Sites for Harvester's tests: the small one, with sections laid over it. */
import { siteSchema, type Queue, type Site } from "../../../stacks/site/site";
import { variants, type Sections } from "../../support/sites";

/** The only queue of these sites. */
export const QUEUE = "TEST-K8S";

/** As the stack file has it, before defaults. */
const queue = { namespace: "harvester", pool: "batch", largestJob: { cores: 8, memoryMb: 14_000, scratchMb: 40_000 } };

/** The small site with other sections, and with the queue changed. */
export function harvesterSite(sections: Sections = {}, changes: Partial<Queue> = {}): Site {
  return siteSchema.parse({ ...variants.small, queues: { [QUEUE]: { ...queue, ...changes } }, ...sections });
}

/** A site on a cluster whose machines are not its own. */
export function guestSite(): Site {
  const { site, cluster, network } = variants.existing;
  return siteSchema.parse({ site, cluster, network, queues: { [QUEUE]: queue } });
}

/** How jobs get CVMFS, by mode. */
export const CVMFS = {
  none: { mode: "none" },
  host: { mode: "host", proxies: ["http://squid.example:3128"] },
  csi: { mode: "csi", proxies: ["http://squid.example:3128"] },
};

/** A site with a Harvester of its own in the cluster. */
export function inCluster(database: "sqlite" | "mariadb" = "sqlite", more: object = {}): Site {
  const harvester = { mode: "inCluster", harvesterId: "TEST-harvester", pool: "control", database };
  return harvesterSite({ harvester: { ...harvester, ...more } });
}
