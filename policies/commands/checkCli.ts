/**
 * `npm run policy:check -- FILE|FOLDER... [--stack NAME] [--policy NAME]... [--profile baseline|restricted] [--set KEY=JSON]...`:
 * says what the pack finds in manifests. With --stack it judges by that stack's settings and exemptions. Exit code: 0 no
 * mandatory policy is violated, 1 one is (or a file is no YAML), 2 the command is wrong or there is no object.
 */
import { parseArgs } from "node:util";
import { settingsOf } from "../config/load";
import { check, checkReport, fails } from "./check";
import { chosenPolicies, chosenRun, oneOf, PROFILES, today, UsageError } from "./choice";
import { manifestsBelow } from "./files";

function main(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stack: { type: "string" },
      policy: { type: "string", multiple: true, default: [] },
      profile: { type: "string" },
      set: { type: "string", multiple: true, default: [] },
    },
  });
  if (positionals.length === 0) {
    throw new UsageError("name at least one file or folder of manifests");
  }
  const choice = { profile: oneOf("profile", values.profile, PROFILES), policies: values.policy, set: values.set };
  const policies = chosenPolicies(choice);
  const settings = settingsOf(values.stack ?? "", process.cwd(), today());
  const files = positionals.flatMap((place) =>
    manifestsBelow(place).map((file) => ({ ...file, path: file.path === place ? place : `${place}/${file.path}` })),
  );
  const result = check(files, policies, chosenRun(choice, settings));
  console.log(checkReport(result));
  if (fails(result)) {
    return 1;
  }
  return result.objects === 0 ? 2 : 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
