/** All rules of the site's Prometheus. */
import type { Site } from "../../../stacks/site";
import type { RuleFile } from "./ruleFile";

export type { AlertRule, RecordingRule, RuleFile, RuleGroup } from "./ruleFile";

/**
 * Rule files by name without ending, with the site's own thresholds, queues and machines in them.
 * @param site its section monitoring must have mode prometheus
 */
export function ruleFiles(site: Site): Record<string, RuleFile> {
  void site;
  return {};
}
