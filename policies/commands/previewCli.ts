/** `npm run policy:preview -- FILE`: what the engine gives a pack too little for. See `usage.ts`. */
import { readFileSync } from "node:fs";
import { runByUrn } from "../config/load";
import { today, UsageError } from "./choice";
import { formatted } from "../output/formats";
import { findingsOf, reportFails, withoutRepetition } from "../output/report";
import { helpPage, packVersion } from "./helpPage";
import { judgePreview, previewPolicies, resourcesOf } from "./preview";
import { PREVIEW_USAGE, readArguments, runCommand } from "./usage";

function main(argv: readonly string[]): number {
  const { values, positionals } = readArguments(argv, { help: { type: "boolean", default: false } });
  if (values.help) {
    console.log(PREVIEW_USAGE);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new UsageError(`name one file with the output of \`pulumi preview --json\`\n\n${PREVIEW_USAGE}`);
  }
  const resources = resourcesOf(readFileSync(file === "-" ? 0 : file, "utf8"));
  const [first] = resources;
  if (first === undefined) {
    throw new UsageError(`${file} holds no resource: give it the output of \`pulumi preview --json\` of a stack`);
  }
  const run = runByUrn(process.cwd(), today())(first.urn);
  const place = { file, line: 1, column: 1 };
  const report = {
    findings: withoutRepetition(
      judgePreview(resources, run).flatMap((judgement) => findingsOf(judgement, () => place)),
    ),
    rules: previewPolicies,
    files: 1,
    objects: resources.length,
    unreadable: [],
    notJudged: [],
    notices: [],
  };
  console.log(
    formatted("text", report, { quiet: false, all: true, version: packVersion(), help: helpPage(undefined) }),
  );
  return reportFails(report) ? 1 : 0;
}

runCommand(main);
