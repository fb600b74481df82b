/**
 * `npm run policy:corpus -- FOLDER... [--expect good|bad] [--policy NAME]... [--profile baseline|restricted] [--set KEY=JSON]...
 * [--all]`: puts every manifest of the folders through the pack and compares with what their authors say: by --expect,
 * else by the words good and bad (pass, fail, success, failure, allowed, disallowed …) in the path. Without --policy and
 * --profile, a path may also say what it is about. Exit code: 0 all agree, 1 some do not, 2 the command is wrong or
 * nothing was compared.
 */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Settings } from "../model/settings";
import { changesOf, chosenPolicies, chosenRun, oneOf, PROFILES, UsageError, type Choice } from "./choice";
import { compare, merged, type CorpusFile, type FilePolicy } from "./corpus";
import { corpusReport } from "./corpusReport";
import { expectationOf, type Expectation } from "./expectation";
import { manifestsBelow } from "./files";
import { subjectsOf } from "./subjects";

function files(place: string, expect: Expectation | undefined): CorpusFile[] {
  return manifestsBelow(place).map((file) => {
    // The folders above may be all that says something: …/baseline/v1.36/fail.
    const whole = resolve(statSync(place).isDirectory() ? join(place, file.path) : place);
    return { ...file, place: whole, expect: expect ?? expectationOf(whole) };
  });
}

/** A policy for batch pods alone would find none in a corpus that knows no such thing. */
function forBatch(policies: readonly FilePolicy[]): Partial<Settings> {
  const bound = policies.some((policy) => policy.kind === "pod" && policy.workload === "batch");
  return bound ? { batchPods: "all" } : {};
}

function main(argv: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      expect: { type: "string" },
      policy: { type: "string", multiple: true, default: [] },
      profile: { type: "string" },
      set: { type: "string", multiple: true, default: [] },
      all: { type: "boolean", default: false },
    },
  });
  if (positionals.length === 0) {
    throw new UsageError("name at least one folder (or file) of manifests");
  }
  const choice: Choice = {
    profile: oneOf("profile", values.profile, PROFILES),
    policies: values.policy,
    set: values.set,
  };
  const policies = chosenPolicies(choice);
  const run = chosenRun(choice);
  const expect = oneOf("expect", values.expect, ["good", "bad"] as const);
  const all = positionals.flatMap((place) => files(place, expect));
  const chosen = choice.profile !== undefined || choice.policies.length > 0;
  const subjects = chosen ? [{ files: all, policies, settings: {} }] : subjectsOf(all, policies);
  const results = subjects.map((subject) => {
    const about = subject.policies.length < policies.length || chosen ? forBatch(subject.policies) : {};
    const settings = { ...run.settings, ...about, ...subject.settings, ...changesOf(choice) };
    return compare(subject.files, subject.policies, { ...run, settings });
  });
  const result = merged(results);
  console.log(corpusReport(result, { all: values.all }));
  return result.objects === 0 && result.disagreements.length === 0 ? 2 : result.disagreements.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
