/** The report for a person: the totals, then each policy once, with how to fix it and the objects that it concerns. */
import { fails, grouped, SEVERITIES, type Finding, type Place, type FormatOptions, type Report } from "./report";

/** Places that are listed for one policy, unless all are asked for. */
const MOST_LISTED = 10;

export function placeText({ file, line, column }: Place): string {
  return file === "" ? "(all files together)" : `${file}:${line}:${column}`;
}

/** The totals in one line. */
export function summaryLine({ findings, files, objects, unreadable }: Report): string {
  const counting = findings.filter(({ passedOver }) => passedOver === undefined);
  const mandatory = counting.filter(fails).length;
  const rules = new Set(counting.map(({ rule }) => rule.name)).size;
  const passed = (by: (finding: Finding) => boolean) => findings.filter(by).length;
  const known = passed(({ passedOver }) => passedOver?.by === "baseline");
  const exempt = passed(({ passedOver }) => passedOver !== undefined) - known;
  return [
    `${objects} objects in ${files} files: ${mandatory} mandatory and ${counting.length - mandatory} advisory findings of ${rules} policies`,
    ...(exempt === 0 ? [] : [`${exempt} exempt`]),
    ...(known === 0 ? [] : [`${known} in the baseline`]),
    ...(unreadable.length === 0 ? [] : [`${unreadable.length} not readable`]),
  ].join("; ");
}

function weight(finding: Finding): number {
  return (fails(finding) ? 10 : 0) + SEVERITIES.indexOf(finding.rule.severity);
}

/** Weight of findings of one policy, which all have its severity. */
function weightOf([first]: readonly Finding[]): number {
  return first === undefined ? 0 : weight(first);
}

function section(findings: readonly Finding[], { all, help }: FormatOptions): string[] {
  const [one] = findings;
  if (one === undefined) {
    return [];
  }
  const { rule, level } = one;
  const listed = all ? findings : findings.slice(0, MOST_LISTED);
  const rest = findings.slice(listed.length);
  const files = new Set(rest.map(({ file }) => file)).size;
  return [
    "",
    `${rule.name}: ${rule.title} (${level}, severity ${rule.severity}, ${findings.length} findings)`,
    `  fix: ${rule.remediation}`,
    `  see: ${help(rule)}`,
    ...listed.map(
      (finding) =>
        `  ${placeText(finding)}: ${finding.object || "all objects"}: ${finding.path === "" ? "" : `${finding.path}: `}${finding.message}`,
    ),
    ...(rest.length === 0 ? [] : [`  … and ${rest.length} more in ${files} files; --all lists them`]),
  ];
}

function listed(lines: readonly string[], all: boolean): string[] {
  const rest = lines.length - MOST_LISTED;
  return all || rest <= 0 ? [...lines] : [...lines.slice(0, MOST_LISTED), `… and ${rest} more such lines`];
}

/** The report as text; with `quiet` only what fails, and nothing where nothing does. */
export function textReport(report: Report, options: FormatOptions): string {
  const counting = report.findings.filter(({ passedOver }) => passedOver === undefined);
  const shown = options.quiet ? counting.filter(fails) : counting;
  const sections = [...grouped(shown, ({ rule, level }) => `${rule.name} ${level}`).values()]
    .sort((one, other) => weightOf(other) - weightOf(one) || other.length - one.length)
    .flatMap((findings) => section(findings, options));
  const unreadable = report.unreadable.map((one) => `not readable: ${placeText(one)}: ${one.reason}`);
  if (options.quiet) {
    return shown.length + unreadable.length === 0
      ? ""
      : [summaryLine(report), ...sections, "", ...unreadable].join("\n").trimEnd();
  }
  const exempt = report.findings.flatMap(({ passedOver, ...finding }) =>
    passedOver === undefined || passedOver.by === "baseline"
      ? []
      : [
          `exempt (${passedOver.by}): ${finding.rule.name}: ${placeText(finding)}: ${finding.object}: ${passedOver.reason}`,
        ],
  );
  const notJudged = report.notJudged.map(
    (one) =>
      `pods not judged: ${placeText(one)}: ${one.object}: ${one.path} describes a container of a kind the pack does not know`,
  );
  return [
    summaryLine(report),
    ...sections,
    "",
    ...unreadable,
    ...listed(notJudged, options.all),
    ...listed([...new Set(exempt)], options.all),
    ...listed(report.notices, options.all),
  ]
    .join("\n")
    .trimEnd();
}
