/** `npm run policy:preview -- FILE`: what the engine gives a pack too little for. See `usage.ts`. */
import { readFileSync } from "node:fs";
import { runByUrn } from "../config/load";
import { checkReport, fails } from "./check";
import { today, UsageError } from "./choice";
import { judgePreview, resourcesOf } from "./preview";
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
  const run = runByUrn(process.cwd(), today())(resources[0].urn);
  const judgements = judgePreview(resources, run);
  const violated = judgements.filter(({ violations }) => violations.length > 0);
  const result = {
    violated: violated.map((judgement) => ({ file, judgement })),
    objects: resources.length,
    unreadable: [],
    withoutObject: new Map<string, number>(),
  };
  console.log(checkReport(result));
  return fails(result) ? 1 : 0;
}

runCommand(main);
