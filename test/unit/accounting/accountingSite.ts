/** Sites for accounting's tests: the small one, watched and accounted for. */
import { siteSchema, type Queue, type Site } from "../../../stacks/site/site";
import { variants, type Sections } from "../../support/sites";

/** How the small site is accounted for. */
const accounting = { mode: "kuantifier", siteName: "TEST-SITE", hs06PerCore: 12.5 };

/** As the stack file has it, before defaults. */
const queue = { namespace: "production", pool: "batch", largestJob: { cores: 8, memoryMb: 14_000, scratchMb: 40_000 } };

/** A site of two queues, one of whose pods request whole cores. */
export function accountedSite(sections: Sections = {}, changes: Partial<Queue> = {}): Site {
  return siteSchema.parse({
    ...variants.small,
    storage: { class: "existing", name: "fast" },
    monitoring: { mode: "prometheus", pool: "control" },
    accounting,
    queues: {
      "SHARED-K8S": { ...queue, ...changes },
      "WHOLE-K8S": { ...queue, namespace: "whole", cpuRequestPercent: 100 },
    },
    ...sections,
  });
}
