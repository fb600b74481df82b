/** `npm run policy:corpus`: puts others' manifests through the pack and compares with what their authors say. See `usage.ts`. */
import type { Settings } from "../model/settings";
import { changesOf, chosenPolicies, chosenRun, oneOf, PROFILES, UsageError, type Choice } from "./choice";
import { compare, merged, type FilePolicy } from "./corpus";
import { corpusFilesIn } from "./corpusFiles";
import { corpusReport } from "./corpusReport";
import { subjectsOf } from "./subjects";
import { CORPUS_USAGE, readArguments, runCommand } from "./usage";

/** A policy for batch pods alone would find none in a corpus that knows no such thing. */
function forBatch(policies: readonly FilePolicy[]): Partial<Settings> {
  const bound = policies.some((policy) => policy.kind === "pod" && policy.workload === "batch");
  return bound ? { batchPods: "all" } : {};
}

function main(argv: readonly string[]): number {
  const { values, positionals } = readArguments(argv, {
    expect: { type: "string" },
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
  const found = positionals.flatMap((place) => corpusFilesIn(place, expect));
  const files = values.together === true ? found.map((file) => ({ ...file, together: true })) : found;
  const chosen = choice.profile !== undefined || choice.policies.length > 0;
  const { subjects, incomparable } = chosen
    ? { subjects: [{ files, policies, settings: {} }], incomparable: [] }
    : subjectsOf(files, policies);
  const results = subjects.map((subject) => {
    const about = subject.policies.length < policies.length || chosen ? forBatch(subject.policies) : {};
    const settings = { ...run.settings, ...about, ...subject.settings, ...changesOf(choice) };
    return compare(subject.files, subject.policies, { ...run, settings });
  });
  const result = merged(results);
  console.log(corpusReport(result, { all: values.all, incomparable, asked: choice.policies }));
  return result.verdicts === 0 ? 2 : result.disagreements.length === 0 ? 0 : 1;
}

runCommand(main);
