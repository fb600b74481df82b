/** All rules of the site's Prometheus. */
import type { Site } from "../../../stacks/site/site";
import { accountingView } from "./accountingView";
import { ruleFile, type RuleFile } from "./ruleFile";
import { monitoringOf } from "./selectors";
import { subjects } from "./subjects";

export type { AlertRule, RecordingRule, RuleFile, RuleGroup } from "./ruleFile";

/**
 * Rule files by name without ending, with the site's own thresholds, queues and machines in them.
 * @param site its section monitoring must have mode prometheus
 * @throws Error for a site that is not watched
 */
export function ruleFiles(site: Site): Record<string, RuleFile> {
  monitoringOf(site);
  const accounting = accountingView(site);
  return {
    ...Object.fromEntries(Object.entries(subjects(site)).map(([name, subject]) => [name, ruleFile(name, subject)])),
    ...(accounting === undefined ? {} : { "accounting-view": accounting }),
  };
}
