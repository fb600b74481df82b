/** Sites that are watched, for the tests of dashboards and Grafana. */
import { siteSchema, type Site } from "../../../stacks/site/site";
import { variants, type Sections } from "../../support/sites";

/**
 * A small site with everything that can be watched: CVMFS, squids, log shipping, accounting, Grafana.
 * @param monitoring keys of the section, laid over mode, pool and grafana
 * @param more sections laid over the site's
 */
export function monitoredSite(monitoring: Sections = {}, more: Sections = {}): Site {
  return siteSchema.parse({
    ...variants.hostCvmfs,
    monitoring: { mode: "prometheus", pool: "services", grafana: {}, ...monitoring },
    logs: { mode: "otlp", endpoint: "https://logs.example:4318" },
    accounting: { mode: "kuantifier", siteName: "TEST-SITE", hs06PerCore: 12.5 },
    ...more,
  });
}
