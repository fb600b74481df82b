/** `npm run policy:check`: says what the pack finds in manifests. See `usage.ts`. */
import { join } from "node:path";
import { knowsStack, settingsOf } from "../config/load";
import { check, checkReport, fails } from "./check";
import { chosenPolicies, chosenRun, oneOf, PROFILES, today, UsageError } from "./choice";
import { manifestsAt } from "./files";
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
  if (values.stack !== undefined && !knowsStack(values.stack, process.cwd())) {
    throw new UsageError(
      `--stack ${values.stack}: there is neither a file stacks/Pulumi.${values.stack}.yaml nor settings of the pack for it; without --stack the pack's own settings hold`,
    );
  }
  const settings = settingsOf(values.stack ?? "", process.cwd(), today());
  const read = positionals.map((place) => ({ place, manifests: manifestsAt(place) }));
  const files = read.flatMap(({ place, manifests }) =>
    manifests.files.map((file) => ({ ...file, path: file.path === place ? place : join(place, file.path) })),
  );
  const closed = read.flatMap(({ place, manifests }) => manifests.unreadable.map((text) => join(place, text)));
  const checked = check(files, policies, chosenRun(choice, settings), values.namespace);
  const result = { ...checked, unreadable: [...closed, ...checked.unreadable] };
  console.log(checkReport(result));
  if (fails(result)) {
    return 1;
  }
  return result.objects === 0 ? 2 : 0;
}

runCommand(main);
