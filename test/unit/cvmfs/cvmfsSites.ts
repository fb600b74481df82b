/** Sites with CVMFS for the tests: the small site, with squids on a pool of their own and the section as a test wants it. */
import { siteFromConfig } from "../../../stacks/site/load";
import type { Site } from "../../../stacks/site/site";
import { variants, type Sections } from "../../support/sites";

const squid = { pool: "services", exposure: "nodePort" };

/**
 * A site whose section cvmfs has these keys; it goes through schema and cross-checks like any other.
 * @param cvmfs keys beside the squid
 * @param batch changes of the batch pool
 * @param queue changes of the queue
 */
export function cvmfsSite(cvmfs: Sections, batch: Sections = {}, queue: Sections = {}): Site {
  const small: Sections = structuredClone(variants.small);
  const cloud = small.cloud as { pools: Record<string, Sections> };
  const flavor = { name: "m1.services", vcpus: 4, ramMb: 8192, diskGb: 300 };
  cloud.pools.services = { role: "services", count: 2, flavor, addresses: "10.64.2.0/28" };
  Object.assign(cloud.pools.batch, batch);
  const [job] = Object.values(small.queues as Record<string, { largestJob: Sections }>);
  job.largestJob.scratchMb = 10_000;
  Object.assign(job, queue);
  const sections: Sections = {
    ...small,
    storage: { class: "local", pool: "services", sizeGb: 50 },
    cvmfs: { squid, ...cvmfs },
  };
  return siteFromConfig((section) => sections[section]);
}

/** The section cluster of a site on a cluster that others run. */
export const OTHERS: Site["cluster"] = { provisioner: "existing", identifier: "others" };
