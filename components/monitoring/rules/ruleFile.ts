/** The shape of Prometheus' rule files, and what the site's own rules are made from before they become such a file. */
import type { Thresholds } from "../../../stacks/site/site";
import { runbookUrl } from "./runbooks";

/** How bad it is; Alertmanager's routes go by it. */
export type Severity = "critical" | "warning" | "info";

/** A rule that keeps the value of an expression under a name of its own. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A rule that raises an alert for each series of its expression. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression must hold, as Prometheus writes it: `10m`. Absent: not at all. */
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>> & { readonly severity: Severity };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

/** Rules that are evaluated one after the other, so that a later one sees what an earlier one recorded. */
export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly (RecordingRule | AlertRule)[];
}

/** A rule file, as its YAML says it. */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

/** An alert with what its page in the documentation needs beside the rule. */
export interface Alert {
  /** Name, and that of its runbook. Several alerts may share it when they differ in severity. */
  readonly name: string;
  readonly severity: Severity;
  /** Minutes the expression must hold; 0: it is raised at once. */
  readonly minutes: number;
  readonly expression: string;
  /** What is wrong and where, in one line; templates of Prometheus may name labels of the expression's series. */
  readonly summary: string;
  /** When it is raised, as the end of the sentence "Raised when …", with the site's own figures. */
  readonly when: string;
  /** Keys of `monitoring.thresholds` that decide on it. */
  readonly thresholds: readonly (keyof Thresholds)[];
  /** Labels beside the severity. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules on one subject: what is recorded, then the alerts that may stand on it. */
export interface Subject {
  readonly records: readonly RecordingRule[];
  readonly alerts: readonly Alert[];
}

/** An alert as Prometheus takes it. */
function alertRule(
  { name, severity, minutes, expression, summary, when, labels }: Alert,
  runbooks: string | undefined,
): AlertRule {
  return {
    alert: name,
    expr: expression,
    ...(minutes === 0 ? {} : { for: `${minutes}m` }),
    labels: { ...labels, severity },
    annotations: { summary, description: `Raised when ${when}.`, runbook_url: runbookUrl(name, runbooks) },
  };
}

/**
 * A subject as a rule file with one group.
 * @param runbooks address of the folder with the runbooks; absent: the path in the repository
 */
export function ruleFile(name: string, { records, alerts }: Subject, runbooks?: string): RuleFile {
  return { groups: [{ name, rules: [...records, ...alerts.map((alert) => alertRule(alert, runbooks))] }] };
}
