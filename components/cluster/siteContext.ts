import type { PodNetwork, Site } from "../../stacks/site/site";
import { capabilities, type Capabilities } from "./capabilities";

/** What components of all layers need to know of the site they belong to, beside the section they are made from. */
export interface SiteContext {
  /** The site's name, and the registry that mirrors its images. */
  readonly site: Site["site"];
  /** Addresses of pods and services. */
  readonly network: Pick<PodNetwork, "podCidr" | "serviceCidr">;
  /** What the program may rely on in the cluster; `UNKNOWN_CLUSTER` for one that it knows nothing of. */
  readonly capabilities: Capabilities;
}

/** The context of a site's components. */
export function siteContext(site: Pick<Site, "site" | "network" | "cloud" | "cluster">): SiteContext {
  return { site: site.site, network: site.network, capabilities: capabilities(site) };
}
