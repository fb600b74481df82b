/** `npm run policy:corpus`: puts others' manifests through the pack and compares with what their authors say. See `usage.ts`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../../policies/model/settings";
import {
  changesOf,
  chosenPolicies,
  chosenRun,
  oneOf,
  PROFILES,
  UsageError,
  type Choice,
} from "../../policies/commands/choice";
import { compare, merged } from "./corpus";
import type { FilePolicy } from "../../policies/commands/choice";
import { corpusFilesIn } from "./corpusFiles";
import { corpusReport } from "./corpusReport";
import { manifestsAt } from "../../policies/commands/files";
import { expectationsFrom, expected } from "./expectationFile";
import { subjectsOf } from "./subjects";
import { readArguments, runCommand } from "../../policies/commands/usage";
import { CORPUS_USAGE } from "./usage";

/** A policy for batch pods alone would find none in a corpus that knows no such thing. */
function forBatch(policies: readonly FilePolicy[]): Partial<Settings> {
  const bound = policies.some((policy) => policy.kind === "pod" && policy.workload === "batch");
  return bound ? { batchPods: "all" } : {};
}

function main(argv: readonly string[]): number {
  const { values, positionals } = readArguments(argv, {
    expect: { type: "string" },
    expectations: { type: "string" },
    policy: { type: "string", multiple: true, default: [] },
    profile: { type: "string" },
    set: { type: "string", multiple: true, default: [] },
    together: { type: "boolean" },
    all: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  });
  if (values.help) {
    console.log(CORPUS_USAGE);
    return 0;
  }
  if (positionals.length === 0) {
    throw new UsageError(`name at least one folder (or file) of manifests\n\n${CORPUS_USAGE}`);
  }
  const choice: Choice = {
    profile: oneOf("profile", values.profile, PROFILES),
    policies: values.policy,
    set: values.set,
  };
  const policies = chosenPolicies(choice);
  const run = chosenRun(choice);
  const expect = oneOf("expect", values.expect, ["good", "bad"] as const);
  const read = positionals.map((place) => ({ place, manifests: manifestsAt(place) }));
  // Among several places a path alone does not say which file is meant.
  const named = (place: string, path: string) => (positionals.length > 1 && path !== place ? join(place, path) : path);
  const found = read.flatMap(({ place, manifests }) =>
    corpusFilesIn(place, expect, manifests.files).map((file) => ({ ...file, path: named(place, file.path) })),
  );
  const others = read.flatMap(({ manifests }) => manifests.others);
  const closed = read.flatMap(({ place, manifests }) => manifests.unreadable.map((text) => named(place, text)));
  const files = values.together === true ? found.map((file) => ({ ...file, together: true })) : found;
  const chosen = choice.profile !== undefined || choice.policies.length > 0;
  const given = values.expectations;
  const { subjects, incomparable } =
    given !== undefined
      ? expected(
          read.flatMap(({ manifests }) => manifests.files),
          expectationsFrom(readFileSync(given, "utf8")),
          policies,
        )
      : chosen
        ? { subjects: [{ files, policies, settings: {} }], incomparable: [] }
        : subjectsOf(files, policies);
  const results = subjects.map((subject) => {
    const about = subject.policies.length < policies.length || chosen ? forBatch(subject.policies) : {};
    const settings = { ...run.settings, ...about, ...subject.settings, ...changesOf(choice) };
    return compare(subject.files, subject.policies, { ...run, settings });
  });
  const compared = merged(results);
  const result = { ...compared, unreadable: [...closed, ...compared.unreadable] };
  console.log(corpusReport(result, { all: values.all, incomparable, asked: choice.policies, others }));
  // What could not be read agrees with nobody.
  const failed = result.disagreements.length + result.unreadable.length > 0;
  return result.verdicts === 0 ? 2 : failed ? 1 : 0;
}

runCommand(main);
