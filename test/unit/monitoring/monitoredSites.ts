/** Sites that are watched, for the tests of monitoring. */
import { siteSchema, type Site } from "../../../stacks/site/site";
import { variants, type Sections } from "../../support/sites";

/** A site with machines for services, CVMFS on the hosts and squids; changes are laid over its section monitoring. */
export function monitoredSite(monitoring: object = {}, more: Sections = {}): Site {
  return siteSchema.parse({
    ...variants.hostCvmfs,
    monitoring: { mode: "prometheus", pool: "services", ...monitoring },
    ...more,
  });
}

/** A site in a cluster somebody else runs. */
export function guestSite(more: Sections = {}): Site {
  return siteSchema.parse({
    ...variants.servicesOnExisting,
    monitoring: { mode: "prometheus", pool: "services" },
    ...more,
  });
}

/** Sections that send logs away and account for jobs. */
export const WATCHED_MORE = {
  logs: { mode: "otlp", endpoint: "https://logs.example" },
  accounting: { mode: "kuantifier", siteName: "TEST-T2", hs06PerCore: 10 },
};

/** A receiver as the secret describes it. */
export const RECEIVERS = [
  "- name: pager",
  "  webhook_configs:",
  "    - url: https://pager.example/not-a-token-of-anything",
  "",
].join("\n");
