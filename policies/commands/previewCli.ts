/**
 * `npm run policy:preview -- FILE`: judges what `pulumi preview --json` has written to FILE ("-": standard input) by the
 * policies the engine gives a pack too little for: replacements and deletions, and secrets that are none. Settings are those
 * of the stack. Exit code: 0 no mandatory policy is violated, 1 one is, 2 the file is no preview.
 */
import { readFileSync } from "node:fs";
import { runByUrn } from "../config/load";
import { checkReport, fails } from "./check";
import { today, UsageError } from "./choice";
import { judgePreview, resourcesOf } from "./preview";

function main([file, ...more]: readonly string[]): number {
  if (file === undefined || more.length > 0) {
    throw new UsageError('name one file with the output of `pulumi preview --json`, or "-" for standard input');
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

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
