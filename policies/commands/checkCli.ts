/** `npm run policy:check`: says what the pack finds in manifests. See `usage.ts`. */
import { settingsOf } from "../config/load";
import { check, checkReport, fails } from "./check";
import { chosenPolicies, chosenRun, oneOf, PROFILES, today, UsageError } from "./choice";
import { manifestsBelow } from "./files";
import { CHECK_USAGE, readArguments, runCommand } from "./usage";

function main(argv: readonly string[]): number {
  const { values, positionals } = readArguments(argv, {
    stack: { type: "string" },
    namespace: { type: "string" },
    policy: { type: "string", multiple: true, default: [] },
    profile: { type: "string" },
    set: { type: "string", multiple: true, default: [] },
    help: { type: "boolean", default: false },
  });
  if (values.help) {
    console.log(CHECK_USAGE);
    return 0;
  }
  if (positionals.length === 0) {
    throw new UsageError(`name at least one file or folder of manifests\n\n${CHECK_USAGE}`);
  }
  const choice = { profile: oneOf("profile", values.profile, PROFILES), policies: values.policy, set: values.set };
  const policies = chosenPolicies(choice);
  const settings = settingsOf(values.stack ?? "", process.cwd(), today());
  const files = positionals.flatMap((place) =>
    manifestsBelow(place).map((file) => ({ ...file, path: file.path === place ? place : `${place}/${file.path}` })),
  );
  const result = check(files, policies, chosenRun(choice, settings), values.namespace);
  console.log(checkReport(result));
  if (fails(result)) {
    return 1;
  }
  return result.objects === 0 ? 2 : 0;
}

runCommand(main);
