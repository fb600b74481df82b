/** Sites whose rules are tried: a small one with everything that has rules, and one that differs in names, sizes and shares. */
import { siteFromConfig } from "../../../stacks/site/load";
import type { Site, Thresholds } from "../../../stacks/site/site";
import { variants, type Sections } from "../../support/sites";

const pods = { pool: "services", memoryMb: 1024 };

/** What the rules look at, beside the machines and queues. */
const watched: Sections = {
  storage: { class: "cinder" },
  logs: { mode: "otlp", endpoint: "https://logs.example:4318" },
  accounting: { mode: "kuantifier", siteName: "TEST-SITE", hs06PerCore: 10 },
  harvester: { mode: "inCluster", harvesterId: "test-harvester", pool: "services", volumeGb: 20 },
};

function siteOf(sections: Sections): Site {
  return siteFromConfig((section) => sections[section]);
}

/**
 * Two batch machines of eight cores (`hosting-batch-0`, `-1`), two squids, one queue in `harvester` that requests 90 % of
 * its cores, and the default thresholds but for those given.
 */
export function smallSite(thresholds: Partial<Thresholds> = {}): Site {
  return siteOf({ ...variants.hostCvmfs, ...watched, monitoring: { mode: "prometheus", ...pods, thresholds } });
}

/** Two queues of different share and size on the machines `hosting-batch-*`. */
export function twoQueues(): Site {
  return siteOf({
    ...variants.hostCvmfs,
    ...watched,
    monitoring: { mode: "prometheus", ...pods },
    queues: {
      "WHOLE-K8S": {
        namespace: "whole",
        pool: "batch",
        largestJob: { cores: 4, memoryMb: 8000, scratchMb: 20_000 },
        cpuRequestPercent: 100,
      },
      "HALF-K8S": {
        namespace: "half",
        pool: "batch",
        largestJob: { cores: 8, memoryMb: 14_000, scratchMb: 40_000 },
        cpuRequestPercent: 50,
      },
    },
  });
}

/** A site of one machine's worth of features: no queue, no CVMFS, somebody else's cluster. */
export function bareSite(): Site {
  return siteOf({
    site: { name: "bare" },
    cluster: { provisioner: "existing", identifier: "guest-cluster" },
    network: { plugin: "none", policyEngine: "none" },
    storage: { class: "existing", name: "fast" },
    monitoring: { mode: "prometheus", pool: "services" },
  });
}
