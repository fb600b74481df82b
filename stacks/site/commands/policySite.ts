/**
 * `npm run policy:site -- <stack>`: judges a site by all policies, from what the program asks for on an empty cloud. No
 * cloud, cluster, engine or secret of the stack is needed.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { allPolicies } from "../../../policies/all";
import { baselineOf, withBaseline } from "../../../policies/commands/baseline";
import { names } from "../../../policies/commands/checkCommand";
import { chosenAmong, chosenRun, oneOf, today, UsageError } from "../../../policies/commands/choice";
import { helpPage, packVersion } from "../../../policies/commands/helpPage";
import { readArguments } from "../../../policies/commands/usage";
import { settingsOf } from "../../../policies/config/load";
import { FORMATS, formatted } from "../../../policies/output/formats";
import { findingsOf, reportFails, SEVERITIES, withoutRepetition, type Report } from "../../../policies/output/report";
import { loadSite } from "../load";

const ROOT = join(__dirname, "..", "..", "..");

const USAGE = `npm run policy:site -- STACK [options]
Judges a site by all policies, those on resources and stacks too, from what the program asks for on an empty cloud. It needs no
cloud, no cluster and no passphrase. What an update would replace or delete, only policy:preview can judge.
  --only NAME, --exclude NAME, --severity LEVEL, --lower NAME, --baseline FILE, --write-baseline FILE,
  --output text|json|sarif|junit|github, --quiet, --all, --docs URL: as policy:check --help has them
  --help              this text
Exit code: 0 no mandatory finding counts; 1 one does; 2 the stack file is wrong, or the command.`;

const several = { type: "string", multiple: true, default: [] as string[] } as const;
const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const OPTIONS = {
  ...{ only: several, exclude: several, severity: text, lower: several, baseline: text, "write-baseline": text },
  ...{ output: text, quiet: flag, all: flag, docs: text, help: flag },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, OPTIONS);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [stack, ...more] = positionals;
  if (stack === undefined || more.length > 0) {
    throw new UsageError(`name one stack\n\n${USAGE}`);
  }
  const from = process.env.INIT_CWD ?? process.cwd();
  // The program looks for its stack file below the folder that it runs in.
  process.chdir(ROOT);
  const file = join("stacks", `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new UsageError(`there is no stack "${stack}": no file ${file}`);
  }
  const format = oneOf("output", values.output, FORMATS) ?? "text";
  const policies = chosenAmong(allPolicies, {
    policies: names(values.only),
    exclude: names(values.exclude),
    severity: oneOf("severity", values.severity, SEVERITIES),
    lower: names(values.lower),
    set: [],
  });
  loadSite(stack, readFileSync(file), file);
  // Only now, since Pulumi and its providers take seconds to load, and mistakes are reported without them.
  const { runProgramOnce } = await import("../offline/programRun.js");
  const { loadProgram } = await import("../offline/loadProgram.js");
  const { judgedProgram } = await import("../offline/judgedProgram.js");
  const run = await runProgramOnce({ stack, load: loadProgram });
  const by = chosenRun({ policies: [], set: [] }, settingsOf(stack, ROOT, today()));
  // The stack file is what a reader changes; which of its keys made a resource, nobody records.
  const place = { file, line: 1, column: 1 };
  const judged: Report = {
    findings: withoutRepetition(
      judgedProgram(run, policies, by).flatMap((judgement) => findingsOf(judgement, () => place)),
    ),
    rules: policies,
    files: 1,
    objects: run.recording.requests.length,
    unreadable: [],
    notJudged: [],
    notices: [],
  };
  const known = values.baseline;
  const report = known === undefined ? judged : withBaseline(judged, known, readFileSync(resolve(from, known), "utf8"));
  const options = { quiet: values.quiet, all: values.all, version: packVersion(), help: helpPage(values.docs) };
  const written = formatted(format, report, options);
  if (written !== "") {
    console.log(written);
  }
  if (values["write-baseline"] !== undefined) {
    writeFileSync(resolve(from, values["write-baseline"]), baselineOf(report));
    return 0;
  }
  return reportFails(report) ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
