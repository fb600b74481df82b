/** All rules of the site's Prometheus. */
import type { MonitoredSite } from "../monitoredSite";
import { accountingView } from "./accountingView";
import { ruleFile, type RuleFile } from "./ruleFile";
import { subjects } from "./subjects";

export type { AlertRule, RecordingRule, RuleFile, RuleGroup } from "./ruleFile";

/** Rule files by name without ending, with the site's own thresholds, queues and machines in them. */
export function ruleFiles(site: MonitoredSite): Record<string, RuleFile> {
  const accounting = accountingView(site);
  return {
    ...Object.fromEntries(
      Object.entries(subjects(site)).map(([name, subject]) => [
        name,
        ruleFile(name, subject, site.monitoring.runbookUrl),
      ]),
    ),
    ...(accounting === undefined ? {} : { "accounting-view": accounting }),
  };
}
