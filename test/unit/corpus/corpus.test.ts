import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "../../../policies/commands/check";
import { changesOf, chosenPolicies, chosenRun } from "../../../policies/commands/choice";
import { compare, merged, type CorpusResult } from "../../corpus/corpus";
import type { CorpusFile } from "../../corpus/judgeFile";
import { corpusReport } from "../../corpus/corpusReport";
import { expectationOf } from "../../corpus/expectation";
import { manifestsBelow } from "../../../policies/commands/files";
import { subjectsOf } from "../../corpus/subjects";
import { MISSING_CORPUS } from "../../stages/tally";
import { ROOT } from "../../support/sites";

const CORPORA = process.env.ATLAS_SITE_CORPORA ?? join(ROOT, "../shared/corpora");
const none = { policies: [], set: [] };
const privileged = (on: boolean) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: a, securityContext: { privileged: ${on} } }] }\n`;
const only = chosenPolicies({ ...none, policies: ["no-privileged"] });

function corpus(...files: [CorpusFile["expect"], string][]): CorpusResult {
  const named = files.map(([expect, text], index) => ({ path: `file${index}.yaml`, text, expect }));
  return compare(named, only, chosenRun(none));
}

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

  test("says nothing about a policy without its setting, and all with it", () => {
    const registries = chosenPolicies({ ...none, policies: ["registry-allow-list"] });
    const file: CorpusFile = { path: "restrict-image-registries/bad.yaml", text: privileged(false), expect: "bad" };
    const bare = compare([file], registries, chosenRun(none));
    expect([bare.verdicts, bare.disagreements, bare.withoutSetting]).toEqual([0, [], [`${file.path}: registries`]]);
    const run = chosenRun(none);
    const given = { ...run, settings: { ...run.settings, registries: ["r.example"] } };
    expect(compare([file], registries, given).together.truePositives).toBe(1);
  });

  test("of other kinds is left out and counted; a bad file with nothing to judge was overlooked", () => {
    const service = "apiVersion: v1\nkind: Service\nmetadata: { name: s }\n";
    const result = corpus(["good", service + "---\n" + privileged(false)], ["bad", service], ["good", "- 1\n"]);
    expect([...result.ignored]).toEqual([
      ["Service", 2],
      ["(no kind)", 1],
    ]);
    expect(result.together).toEqual({ truePositives: 0, trueNegatives: 1, falsePositives: 0, falseNegatives: 1 });
    expect(corpusReport(result, { all: false, incomparable: [], asked: [] })).toContain("1 of 2 agree (3 files)");
  });

  test("counts a file of different sorts once: one violation makes it bad, none makes it good", () => {
    const role = (verb: string) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: r }\nrules: [{ apiGroups: [apps], resources: [deployments], verbs: ["${verb}"] }]\n`;
    const bound = (name: string) =>
      `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef: { kind: ClusterRole, name: ${name} }\nsubjects: [{ kind: User, name: u }]\n`;
    const rights = chosenPolicies({ ...none, policies: ["no-wildcards", "no-cluster-admin"] });
    const file = (expect: CorpusFile["expect"], text: string, together?: boolean) => {
      const files = [{ path: "file.yaml", text, expect, together }];
      return compare(files, rights, chosenRun(none)).together;
    };
    const zero = { truePositives: 0, trueNegatives: 0, falsePositives: 0, falseNegatives: 0 };
    expect(file("bad", role("*") + bound("r"))).toEqual({ ...zero, truePositives: 1 });
    expect(file("bad", role("get") + bound("cluster-admin"))).toEqual({ ...zero, truePositives: 1 });
    expect(file("bad", role("get") + bound("r"))).toEqual({ ...zero, falseNegatives: 1 });
    expect(file("good", role("get") + bound("r"))).toEqual({ ...zero, trueNegatives: 1 });
    // Roles of both kinds are one sort: each has its verdict, unless the file is said to be one case.
    const two = `${role("*")}---\n${role("get").replace("ClusterRole", "Role")}`;
    expect(file("bad", two)).toEqual({ ...zero, truePositives: 1, falseNegatives: 1 });
    expect(file("bad", two, true)).toEqual({ ...zero, truePositives: 1 });
  });

  test("whose author says it in the objects' names has their verdicts, where nothing else says any", () => {
    const named = (name: string, on: boolean) => privileged(on).replace("name: p", `name: ${name}`);
    const two = `${named("badpod01", true)}---\n${named("goodpod01", false)}`;
    const expected = { truePositives: 1, trueNegatives: 1, falsePositives: 0, falseNegatives: 0 };
    expect(corpus([undefined, two]).together).toEqual(expected);
    expect(corpus(["bad", two]).together.falseNegatives).toBe(1);
  });

  test("judged by a policy on sets has a verdict for each object of its kinds", () => {
    const budgets = chosenPolicies({ ...none, policies: ["disruption-budgets"] });
    const deployment = (name: string, replicas: number) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { replicas: ${replicas}, template: { metadata: { labels: { app: ${name} } } } }\n`;
    const text = `${deployment("one", 1)}---\n${deployment("two", 2)}`;
    const result = compare([{ path: "good.yaml", text, expect: "good" }], budgets, chosenRun(none));
    expect(result.together).toEqual({ truePositives: 0, trueNegatives: 1, falsePositives: 1, falseNegatives: 0 });
    expect(result.disagreements.map(({ object }) => object)).toEqual(["Deployment two"]);
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
  const { subjects, incomparable } = subjectsOf(files, chosenPolicies(none));
  expect(incomparable).toEqual([]);
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
  const { findings } = check(manifestsBelow(folder), baseline, chosenRun(none));
  expect(findings.map(({ file, rule }) => `${file}: ${rule.name}`).sort()).toEqual([
    "CA-VICTORIA-K8S-T2_job.yaml: seccomp-not-unconfined",
    "job_hostpath.yaml: no-privileged",
  ]);
});

describe("options", () => {
  test("that name no policy or no setting say what there is", () => {
    expect(() => chosenPolicies({ ...none, policies: ["nope"] })).toThrow(/no policy "nope".*no-privileged/);
    expect(() => changesOf({ ...none, set: ["nope=1"] })).toThrow(/hostPaths/);
    expect(() => changesOf({ ...none, set: ["hostPaths=/x"] })).toThrow(/is no JSON/);
    expect(() => changesOf({ ...none, set: ["batchPods=5"] })).toThrow(/--set batchPods=5: .*"all"/);
    expect(() => changesOf({ ...none, set: ['hostPaths=["/x", 1]'] })).toThrow(/hostPaths.*: 1: /);
    expect(changesOf({ ...none, set: ['hostPaths=["/x"]'] })).toEqual({ hostPaths: ["/x"] });
  });
});
