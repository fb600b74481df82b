/** Prometheus' configuration and rule files, as texts. */
import { stringify } from "yaml";
import type { MonitoredSite } from "./monitoredSite";
import { ALERTMANAGER, ALERTMANAGER_PORT, MONITORING_NAMESPACE, PROMETHEUS_PORT, SCRAPE_JOBS } from "./names";
import { PROMETHEUS_PATHS } from "./prometheusPlan";
import type { RuleFile } from "./rules";
import { apiServerJob, kubeletJobs } from "./scrape/nodeJobs";
import { podJob } from "./scrape/podJobs";
import { IN_CLUSTER, type Access, type ScrapeConfig } from "./scrape/scrapeConfig";
import { scrapedPods } from "./scrape/targets";

/** Seconds after which a target that does not answer counts as away. */
const TIMEOUT_SECONDS = 10;

/** What differs where Prometheus does not run in its pod: in tests. */
export interface Surroundings {
  /** How it comes to the API. */
  readonly access: Access;
  /** Folder of the rule files. */
  readonly rules: string;
}

const IN_POD: Surroundings = { access: IN_CLUSTER, rules: PROMETHEUS_PATHS.rules };

/** Every scrape job of a site. */
export function scrapeConfigs(site: MonitoredSite, access: Access = IN_CLUSTER): ScrapeConfig[] {
  return [
    { job_name: SCRAPE_JOBS.prometheus, static_configs: [{ targets: [`localhost:${PROMETHEUS_PORT}`] }] },
    apiServerJob(site, access),
    ...kubeletJobs(access),
    ...scrapedPods(site).map((pods) => podJob(pods, access)),
  ];
}

/** The configuration's text. */
export function prometheusConfiguration(site: MonitoredSite, { access, rules }: Surroundings = IN_POD): string {
  const { scrapeSeconds } = site.monitoring;
  const interval = `${scrapeSeconds}s`;
  return stringify(
    {
      global: {
        scrape_interval: interval,
        scrape_timeout: `${Math.min(TIMEOUT_SECONDS, scrapeSeconds)}s`,
        evaluation_interval: interval,
        // Whoever gets alerts of several sites sees whose it is.
        external_labels: { site: site.site.name },
      },
      rule_files: [`${rules}/*.yaml`],
      alerting: {
        alertmanagers: [
          { static_configs: [{ targets: [`${ALERTMANAGER}.${MONITORING_NAMESPACE}.svc:${ALERTMANAGER_PORT}`] }] },
        ],
      },
      scrape_configs: scrapeConfigs(site, access),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

/** Rule files as a ConfigMap's data: by their names, as YAML. */
export function ruleTexts(files: Readonly<Record<string, RuleFile>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [`${name}.yaml`, stringify(file, { lineWidth: 0 })]),
  );
}
