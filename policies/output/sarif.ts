/** The report in SARIF 2.1.0, which code hosts show beside the lines. */
import type { Description, Severity } from "../model/policy";
import { fingerprint, type Finding, type Place, type FormatOptions, type Report } from "./report";

const LEVELS = { mandatory: "error", advisory: "warning" } as const;

/** GitHub sorts findings of security by a number from 0 to 10. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

/** A path as a reference of RFC 3986: relative to where the command ran, unless it is an absolute one. */
function uri(file: string): string {
  const parts = file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return file.startsWith("/") ? `file://${parts}` : parts;
}

function physical({ file, line, column }: Place) {
  return { artifactLocation: { uri: uri(file) }, region: { startLine: line, startColumn: column } };
}

function ruleOf(rule: Description, { help }: FormatOptions) {
  const references = rule.frameworks.map(({ framework, version, control }) => `${framework} ${version} (${control})`);
  const text = [`${rule.title}. ${rule.why}`, `Fix: ${rule.remediation}`, `See also: ${references.join("; ")}`];
  return {
    id: rule.name,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: { text: text.join("\n"), markdown: text.join("\n\n") },
    helpUri: help(rule),
    defaultConfiguration: { level: rule.level === "advisory" ? "warning" : "error" },
    properties: {
      tags: ["security", "kubernetes", ...rule.frameworks.map(({ framework }) => framework)].filter(
        (tag, index, tags) => tags.indexOf(tag) === index,
      ),
      "security-severity": SECURITY_SEVERITY[rule.severity],
    },
  };
}

function suppressionOf({ passedOver }: Finding) {
  return passedOver === undefined || passedOver.by === "baseline"
    ? {}
    : {
        suppressions: [
          { kind: passedOver.by === "annotation" ? "inSource" : "external", justification: passedOver.reason },
        ],
      };
}

function resultOf(finding: Finding, indexes: ReadonlyMap<string, number>, withBaseline: boolean) {
  const { rule, level, object, path, message, passedOver } = finding;
  const name = [object, path].filter((part) => part !== "").join(": ");
  return {
    ruleId: rule.name,
    ruleIndex: indexes.get(rule.name) ?? -1,
    level: LEVELS[level],
    message: { text: `${name === "" ? "" : `${name}: `}${message}` },
    locations: [
      {
        ...(finding.file === "" ? {} : { physicalLocation: physical(finding) }),
        logicalLocations: [{ fullyQualifiedName: name === "" ? "all objects" : name, kind: "resource" }],
      },
    ],
    partialFingerprints: { "policyFinding/v1": fingerprint(finding) },
    ...suppressionOf(finding),
    ...(withBaseline ? { baselineState: passedOver?.by === "baseline" ? "unchanged" : "new" } : {}),
  };
}

/** The report in SARIF 2.1.0. */
export function sarifReport(report: Report, options: FormatOptions): string {
  const indexes = new Map(report.rules.map(({ name }, index) => [name, index]));
  const withBaseline = report.findings.some(({ passedOver }) => passedOver?.by === "baseline");
  const unreadable = report.unreadable.map((one) => ({
    level: "error",
    message: { text: one.reason },
    locations: [{ physicalLocation: physical(one) }],
  }));
  const notices = [
    ...report.notJudged.map((one) => ({
      level: "warning",
      message: { text: `pods not judged: ${one.object}: ${one.path}` },
      locations: [{ physicalLocation: physical(one) }],
    })),
    ...report.notices.map((text) => ({ level: "note", message: { text } })),
  ];
  return JSON.stringify(
    {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "atlas-site-policies",
              semanticVersion: options.version,
              rules: report.rules.map((rule) => ruleOf(rule, options)),
            },
          },
          columnKind: "utf16CodeUnits",
          invocations: [
            {
              executionSuccessful: report.unreadable.length === 0,
              toolExecutionNotifications: [...unreadable, ...notices],
            },
          ],
          results: report.findings.map((finding) => resultOf(finding, indexes, withBaseline)),
        },
      ],
    },
    undefined,
    2,
  );
}
