/** `npm run policy:check`: judges manifests. See `usage.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { knowsStack, settingsOf } from "../config/load";
import { FORMATS, formatted } from "../output/formats";
import { objectName, reportFails, SEVERITIES, type Report } from "../output/report";
import { applyExemptions } from "./applyExemptions";
import { baselineOf, withBaseline } from "./baseline";
import { SchemaCheck, schemaRule, schemas } from "../schemas/schemaCheck";
import { check, type ObjectCheck } from "./check";
import { chosenPolicies, chosenRun, filePolicies, oneOf, PROFILES, UsageError, type Choice } from "./choice";
import { exemptionsIn } from "./givenExemptions";
import { helpPage, packVersion } from "./helpPage";
import { inputsAt } from "./inputs";
import { CHECK_USAGE, readArguments } from "./usage";

/** What a command has from outside. */
export interface Surroundings {
  /** Folder that the user stands in: paths are relative to it. */
  readonly from: string;
  /** Folder of the project, whose `stacks/` holds the stack files. */
  readonly project: string;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  readonly stdin: () => string;
  readonly print: (text: string) => void;
}

const several = { type: "string", multiple: true, default: [] as string[] } as const;
const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;

const OPTIONS = {
  stack: text,
  namespace: text,
  only: several,
  exclude: several,
  severity: text,
  lower: several,
  profile: text,
  set: several,
  output: text,
  quiet: flag,
  all: flag,
  exemptions: several,
  baseline: text,
  "write-baseline": text,
  docs: text,
  "kubernetes-version": text,
  "allow-no-objects": flag,
  help: flag,
} as const;

/** Names from options that may be given several times, each with a list. */
export function names(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(",")).filter((name) => name !== "");
}

function textOf(file: string, from: string, option: string): string {
  try {
    return readFileSync(resolve(from, file), "utf8");
  } catch (error) {
    throw new UsageError(`--${option} ${file}: ${(error as Error).message}`);
  }
}

/**
 * The check against the schema of a version.
 * @throws UsageError when it is unknown
 */
function schemaChecks(version: string | undefined): ObjectCheck[] {
  if (version === undefined) {
    return [];
  }
  const minor = /^v?(1\.\d+)(\.\d+)?$/.exec(version)?.[1];
  const { versions } = schemas();
  if (minor === undefined || !versions.includes(minor)) {
    throw new UsageError(`--kubernetes-version is "${version}"; there are descriptions of ${versions.join(", ")}`);
  }
  const schema = new SchemaCheck(minor);
  return [
    ({ object }, place) =>
      schema.violations(object).map(({ path, message }) => ({
        ...place(path),
        rule: schemaRule,
        level: "mandatory",
        object: objectName(object),
        path,
        message,
      })),
  ];
}

/**
 * Runs the command.
 * @returns the exit code
 * @throws UsageError when the command is wrong
 */
export function checkCommand(argv: readonly string[], around: Surroundings): number {
  const { values, positionals } = readArguments(argv, OPTIONS);
  if (values.help) {
    around.print(CHECK_USAGE);
    return 0;
  }
  if (positionals.length === 0) {
    throw new UsageError(`name at least one file or folder of manifests, or - for standard input\n\n${CHECK_USAGE}`);
  }
  const choice: Choice = {
    profile: oneOf("profile", values.profile, PROFILES),
    policies: names(values.only),
    exclude: names(values.exclude),
    severity: oneOf("severity", values.severity, SEVERITIES),
    lower: names(values.lower),
    set: values.set,
  };
  const format = oneOf("output", values.output, FORMATS) ?? "text";
  const policies = chosenPolicies(choice);
  if (values.stack !== undefined && !knowsStack(values.stack, around.project)) {
    throw new UsageError(
      `--stack ${values.stack}: there is neither a file stacks/Pulumi.${values.stack}.yaml nor settings of the pack for it; without --stack the pack's own settings hold`,
    );
  }
  const run = chosenRun(choice, settingsOf(values.stack ?? "", around.project, around.today), around.today);
  const known = [...filePolicies.map(({ name }) => name), schemaRule.name];
  const exemptions = values.exemptions.flatMap((file) =>
    exemptionsIn(file, textOf(file, around.from, "exemptions"), known),
  );
  const inputs = inputsAt(positionals, around.from, around.stdin);
  const more = schemaChecks(values["kubernetes-version"]);
  const checked = check(inputs.files, policies, run, { namespace: values.namespace, more });
  const rules = more.length > 0 ? [...checked.rules, schemaRule] : checked.rules;
  const read = { ...checked, rules, unreadable: [...inputs.unreadable, ...checked.unreadable] };
  const judged = applyExemptions(read, exemptions, known, around.today);
  const report: Report =
    values.baseline === undefined
      ? judged
      : withBaseline(judged, values.baseline, textOf(values.baseline, around.from, "baseline"));
  const options = { quiet: values.quiet, all: values.all, version: packVersion(), help: helpPage(values.docs) };
  const written = formatted(format, report, options);
  if (written !== "") {
    around.print(written);
  }
  if (values["write-baseline"] !== undefined) {
    writeFileSync(resolve(around.from, values["write-baseline"]), baselineOf(report));
    return report.unreadable.length > 0 ? 1 : 0;
  }
  if (reportFails(report)) {
    return 1;
  }
  return report.objects === 0 && !values["allow-no-objects"] ? 2 : 0;
}
