import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allPolicies } from "../../../../policies/all";
import { check, checkReport, fails } from "../../../../policies/commands/check";
import { changesOf, chosenPolicies, chosenRun } from "../../../../policies/commands/choice";
import { compare, merged, type CorpusFile, type CorpusResult } from "../../../../policies/commands/corpus";
import { corpusReport } from "../../../../policies/commands/corpusReport";
import { expectationOf, policiesNamedIn } from "../../../../policies/commands/expectation";
import { manifestsBelow } from "../../../../policies/commands/files";
import { subjectsOf } from "../../../../policies/commands/subjects";
import { MISSING_CORPUS } from "../../../stages/tally";
import { ROOT } from "../../../support/sites";

const CORPORA = process.env.ATLAS_SITE_CORPORA ?? join(ROOT, "../shared/corpora");
const none = { policies: [], set: [] };
const privileged = (on: boolean) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: a, securityContext: { privileged: ${on} } }] }\n`;
const only = chosenPolicies({ ...none, policies: ["no-privileged"] });

function corpus(...files: [CorpusFile["expect"], string][]): CorpusResult {
  const named = files.map(([expect, text], index) => ({ path: `file${index}.yaml`, text, expect }));
  return compare(named, only, chosenRun(none));
}

describe("what a path says", () => {
  test.each([
    ["disallow-host-path/.chainsaw-test/pod-good.yaml", "good"],
    ["x/podcontroller-bad02.yaml", "bad"],
    ["baseline/v1.36/fail/hostports0.yaml", "bad"],
    ["checks/runAsPrivileged/success.pod.yaml", "good"],
    ["samples/example_disallowed_both.yaml", "bad"],
    ["allowed/not-allowed.yaml", "bad"],
    ["good/bad.yaml", "bad"],
    ["goodness/badger.yaml", undefined],
    ["chainsaw-test.yaml", undefined],
  ])("%s is %s", (path, expected) => {
    expect(expectationOf(path)).toBe(expected);
  });

  test("names policies by their own name, or by a control they stand for", () => {
    const named = (path: string) => policiesNamedIn(path, allPolicies).map(({ name }) => name);
    expect(named("pod-security/disallow-privileged-containers/pod-bad.yaml")).toEqual(["no-privileged"]);
    expect(named("no-host-ports/good.yaml")).toEqual(["no-host-ports"]);
    expect(named("baseline/v1.36/fail/hostports2.yaml")).toEqual(["no-host-ports"]);
    expect(named("somewhere/else.yaml")).toEqual([]);
  });
});

describe("a corpus", () => {
  test("is counted object by object, in the four fields of the matrix", () => {
    const result = corpus(
      ["bad", `${privileged(true)}---\n${privileged(false)}`],
      ["good", `${privileged(false)}---\n${privileged(true)}---\n${privileged(false)}`],
    );
    const expected = { truePositives: 1, falseNegatives: 1, trueNegatives: 2, falsePositives: 1 };
    expect([result.together, result.byPolicy.get("no-privileged")]).toEqual([expected, expected]);
    expect(result.disagreements.map(({ path, expect, said }) => [path, expect, said.length])).toEqual([
      ["file0.yaml", "bad", 0],
      ["file1.yaml", "good", 1],
    ]);
  });

  test("of other kinds is left out and counted; a bad file with nothing to judge was overlooked", () => {
    const service = "apiVersion: v1\nkind: Service\nmetadata: { name: s }\n";
    const result = corpus(["good", service + "---\n" + privileged(false)], ["bad", service], ["good", "- 1\n"]);
    expect([...result.ignored]).toEqual([["Service", 2]]);
    expect(result.together).toEqual({ truePositives: 0, trueNegatives: 1, falsePositives: 0, falseNegatives: 1 });
    expect(corpusReport(result, { all: false })).toContain("1 of 2 agree (3 files)");
  });

  test("takes what is no YAML, and files nobody calls good or bad", () => {
    const result = corpus([undefined, privileged(true)], ["good", `a: b: c\n---\n${privileged(false)}`]);
    expect([result.withoutExpectation, result.unreadable.length, result.together.trueNegatives]).toEqual([
      ["file0.yaml"],
      1,
      1,
    ]);
  });
});

test("Kubernetes' own pods for its standards: the pack agrees on every one", (context) => {
  const folder = join(CORPORA, "pod-security-standards");
  if (!existsSync(folder)) {
    context.skip(`${MISSING_CORPUS}/pod-security-standards`);
  }
  const files = manifestsBelow(folder).map((file) => ({ ...file, expect: expectationOf(file.path) }));
  const subjects = subjectsOf(files, chosenPolicies(none));
  // Not by chance: each file is about one level, with the policies of that level and no others.
  expect(subjects.map((subject) => [subject.files.length, subject.policies.length])).toEqual([
    [49, 12],
    [99, 19],
  ]);
  const result = merged(
    subjects.map((one) =>
      compare(one.files, one.policies, {
        ...chosenRun(none),
        settings: { ...chosenRun(none).settings, ...one.settings },
      }),
    ),
  );
  expect(result.disagreements).toEqual([]);
  expect(result.together).toEqual({ truePositives: 110, trueNegatives: 38, falsePositives: 0, falseNegatives: 0 });
  const rows = [...result.byPolicy.values()];
  expect(rows.every((row) => row.truePositives > 0 && row.falsePositives + row.falseNegatives === 0)).toBe(true);
});

test("Harvester's production templates: one asks for all of a node's rights, the other turns seccomp off", (context) => {
  const folder = join(CORPORA, "harvester-job-templates");
  if (!existsSync(folder)) {
    context.skip(`${MISSING_CORPUS}/harvester-job-templates`);
  }
  const baseline = chosenPolicies({ ...none, profile: "baseline" });
  const { violated } = check(manifestsBelow(folder), baseline, chosenRun(none));
  expect(violated.map(({ file, judgement }) => `${file}: ${judgement.policy.name}`).sort()).toEqual([
    "CA-VICTORIA-K8S-T2_job.yaml: seccomp-not-unconfined",
    "job_hostpath.yaml: no-privileged",
  ]);
});

describe("a check of files", () => {
  const file = (text: string) => [{ path: "a.yaml", text }];

  test("fails for a mandatory violation and tells field and remedy", () => {
    const result = check(file(privileged(true)), only, chosenRun(none));
    expect(fails(result)).toBe(true);
    expect(checkReport(result)).toContain("[mandatory] no-privileged (critical): Pod p\n    spec.containers[0]");
    expect(checkReport(result)).toContain("Remedy: Remove securityContext.privileged");
  });

  test("does not fail for advice, nor for what is exempt, which it tells", () => {
    const advice = chosenPolicies({ ...none, policies: ["read-only-root"] });
    expect(fails(check(file(privileged(true)), advice, chosenRun(none)))).toBe(false);
    const exemption = { policies: ["no-privileged"], kind: "Pod", name: "p", reason: "a test", expires: "2026-01-01" };
    const settings = { ...chosenRun(none).settings, exemptions: [exemption] };
    const result = check(file(privileged(true)), only, { settings, today: "2026-01-01" });
    expect([fails(result), checkReport(result)]).toEqual([false, expect.stringContaining("exempt: Pod p is exempt")]);
    const later = check(file(privileged(true)), only, { settings, today: "2026-01-02" });
    expect([fails(later), checkReport(later)]).toEqual([
      true,
      expect.stringContaining("exemption ended on 2026-01-01"),
    ]);
  });

  test("fails for a file that is no YAML", () => {
    expect(fails(check(file("a: b: c"), only, chosenRun(none)))).toBe(true);
  });
});

describe("options", () => {
  test("that name no policy or no setting say what there is", () => {
    expect(() => chosenPolicies({ ...none, policies: ["nope"] })).toThrow(/no policy "nope".*no-privileged/);
    expect(() => changesOf({ ...none, set: ["nope=1"] })).toThrow(/hostPaths/);
    expect(() => changesOf({ ...none, set: ["hostPaths=/x"] })).toThrow(/is no JSON/);
    expect(changesOf({ ...none, set: ['hostPaths=["/x"]'] })).toEqual({ hostPaths: ["/x"] });
  });
});
