/** The report as JUnit's XML: a suite for each policy that was applied, a case for each finding. */
import { fails, grouped, type Finding, type FormatOptions, type Report } from "./report";
import { placeText } from "./text";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** A text in XML 1.0, which has no place for most control characters. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter)
    .replaceAll(/[\n\r\t]/g, (letter) => `&#${letter.charCodeAt(0)};`)
    .replaceAll(
      /[\u0000-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      "\ufffd",
    );
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
) {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const open = `<${name}${written.join("")}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join("")}</${name}>`;
}

function outcome(finding: Finding): string[] {
  const said = `${placeText(finding)}: ${finding.path === "" ? "" : `${finding.path}: `}${finding.message}`;
  if (finding.passedOver !== undefined) {
    return [element("skipped", { message: finding.passedOver.reason })];
  }
  return fails(finding)
    ? [
        element("failure", { message: finding.message, type: finding.rule.severity }, [
          escaped(`${said} Fix: ${finding.rule.remediation}`),
        ]),
      ]
    : // An advisory finding fails no build.
      [element("system-out", {}, [escaped(`advisory: ${said} Fix: ${finding.rule.remediation}`)])];
}

function suite(name: string, cases: readonly string[], failures: number, errors: number, skipped: number): string {
  const counts = { tests: cases.length, failures, errors, skipped, time: 0 };
  return element("testsuite", { name, ...counts }, cases);
}

function ruleSuite(name: string, title: string, findings: readonly Finding[]): string {
  const cases = findings.map((finding) =>
    element(
      "testcase",
      { name: `${finding.object || "all objects"} ${placeText(finding)}`, classname: name, time: 0 },
      outcome(finding),
    ),
  );
  const passed = cases.length > 0 ? cases : [element("testcase", { name: title, classname: name, time: 0 })];
  const skipped = findings.filter(({ passedOver }) => passedOver !== undefined).length;
  return suite(name, passed, findings.filter(fails).length, 0, skipped);
}

/** The report as XML. */
export function junitReport(report: Report, options: FormatOptions): string {
  const byRule = grouped(report.findings, ({ rule }) => rule.name);
  const suites = report.rules.map(({ name, title }) => ruleSuite(name, title, byRule.get(name) ?? []));
  const errors = report.unreadable.map((one) =>
    element("testcase", { name: placeText(one), classname: "readable", time: 0 }, [
      element("error", { message: one.reason, type: "unreadable" }),
    ]),
  );
  const all = errors.length === 0 ? suites : [...suites, suite("readable", errors, 0, errors.length, 0)];
  const failures = report.findings.filter(fails).length;
  const tests = report.rules.reduce((sum, { name }) => sum + Math.max(1, byRule.get(name)?.length ?? 0), errors.length);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    element("testsuites", { name: `atlas-site-policies ${options.version}`, tests, failures, errors: errors.length }, [
      "\n",
      ...all.map((one) => `${one}\n`),
    ]),
  ].join("\n");
}
