/** The report as JSON. Keys stay; new ones may be added. */
import { fails, fingerprint, reportFails, type FormatOptions, type Report } from "./report";

/** Version of the form; raised when a key goes or changes its meaning. */
const VERSION = 1;

/** The report as JSON. */
export function jsonReport(report: Report, { help }: FormatOptions): string {
  const { findings, files, objects, unreadable, notJudged, notices, rules } = report;
  const counting = findings.filter(({ passedOver }) => passedOver === undefined);
  const mandatory = counting.filter(fails).length;
  const used = new Set(findings.map(({ rule }) => rule.name));
  return JSON.stringify(
    {
      version: VERSION,
      summary: {
        files,
        objects,
        mandatory,
        advisory: counting.length - mandatory,
        passedOver: findings.length - counting.length,
        unreadable: unreadable.length,
        failed: reportFails(report),
      },
      policies: rules
        .filter(({ name }) => used.has(name))
        .map(({ name, title, why, severity, remediation }) => ({ name, title, why, severity, fix: remediation })),
      findings: findings.map((finding) => ({
        policy: finding.rule.name,
        level: finding.level,
        severity: finding.rule.severity,
        file: finding.file,
        line: finding.line,
        column: finding.column,
        object: finding.object,
        path: finding.path,
        message: finding.message,
        fix: finding.rule.remediation,
        help: help(finding.rule),
        fingerprint: fingerprint(finding),
        passedOver: finding.passedOver,
      })),
      unreadable,
      podsNotJudged: notJudged,
      notices,
    },
    undefined,
    2,
  );
}
