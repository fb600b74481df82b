import type { Kuantifier, Monitoring, Queue } from "../../stacks/site/site";
import type { SiteContext } from "../cluster/siteContext";
import type { ClosedNetworks } from "../security/queuePolicies";

/** What accounting needs to know of its site. */
export interface AccountedSite extends SiteContext, ClosedNetworks {
  readonly network: SiteContext["network"];
  readonly capabilities: SiteContext["capabilities"];
  /** The stack file's section of accounting. */
  readonly accounting: Kuantifier;
  /** Pool of the site's Prometheus, which the records are made from. */
  readonly monitoring: Pick<Monitoring, "pool">;
  /** Queues of the site, by name. */
  readonly queues: Readonly<Record<string, Queue>>;
}
