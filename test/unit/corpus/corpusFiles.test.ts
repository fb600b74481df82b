/** How a corpus is read: every file in it, and what names and test descriptions say of each. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { chosenPolicies, chosenRun } from "../../../policies/commands/choice";
import { compare } from "../../corpus/corpus";
import { corpusFilesIn } from "../../corpus/corpusFiles";
import { subjectsOf } from "../../corpus/subjects";

const none = { policies: [], set: [] };
const pod = (name: string, privileged: boolean) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { containers: [{ name: a, securityContext: { privileged: ${privileged} } }] }\n`;
const folders: string[] = [];

function corpus(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "corpus-"));
  folders.push(folder);
  Object.entries(files).forEach(([path, text]) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  });
  return folder;
}

function outcome(folder: string) {
  const only = chosenPolicies({ ...none, policies: ["no-privileged"] });
  return compare(corpusFilesIn(folder, undefined), only, chosenRun(none));
}

afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

describe("test descriptions beside manifests", () => {
  test("of Kyverno's speak of single objects; one failing rule makes an object bad, and others stay without a verdict", () => {
    const rows = [
      "{ kind: Pod, rule: a, result: pass, resources: [good, both] }",
      "{ kind: Pod, rule: b, result: fail, resources: [bad, elsewhere/both] }",
      "{ kind: Pod, rule: b, result: skip, resources: [skipped] }",
    ];
    const result = outcome(
      corpus({
        "x/.kyverno-test/kyverno-test.yaml": `kind: Test\nresources: [resource.yaml]\nresults: [${rows.join(", ")}]\n`,
        "x/.kyverno-test/resource.yaml": ["good", "bad", "both", "skipped"]
          .map((name) => pod(name, name !== "good"))
          .join("---\n"),
      }),
    );
    expect(result.together).toEqual({ truePositives: 2, trueNegatives: 1, falsePositives: 0, falseNegatives: 0 });
    expect(result.withoutExpectation).toEqual(["x/.kyverno-test/resource.yaml: Pod skipped"]);
  });

  test("of Kyverno's older form name no kind; rows about changes are no verdicts; two descriptions of one file add up", () => {
    const result = outcome(
      corpus({
        "x/test.yaml":
          "name: x\npolicies: [p.yaml]\nresources: [resource.yaml]\nresults:\n- { policy: p, rule: r, resource: worse, result: fail }\n- { rule: m, resource: changed, patchedResource: y.yaml, result: pass }\n",
        "x/kyverno-test.yaml":
          "kind: Test\nresources: [resource.yaml]\nresults:\n- { kind: Pod, resources: [better, worse], result: pass }\n",
        "x/resource.yaml": ["better", "worse", "changed"].map((name) => pod(name, name === "worse")).join("---\n"),
      }),
    );
    expect(result.together).toEqual({ truePositives: 1, trueNegatives: 1, falsePositives: 0, falseNegatives: 0 });
    expect(result.withoutExpectation).toEqual(["x/resource.yaml: Pod changed"]);
  });

  test("of Chainsaw's and kuttl's say which files a cluster takes, whatever the files' names say", () => {
    const refused = "{ apply: { file: success.yaml, expect: [{ check: { ($error != null): true } }] } }";
    const folder = corpus({
      "chainsaw-test.yaml": `apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: Test\nspec: { steps: [{ try: [{ create: { file: bare.yaml } }, ${refused}] }] }\n`,
      "kuttl/02-step.yaml":
        "apiVersion: kuttl.dev/v1beta1\nkind: TestStep\napply:\n- { file: a.yaml, shouldFail: true }\n- { file: b.yaml, shouldFail: false }\n",
      "changes/chainsaw-test.yaml": "kind: Test\nspec: { steps: [{ try: [{ apply: { file: c.yaml } }] }] }\n",
      ...Object.fromEntries(
        ["success.yaml", "bare.yaml", "kuttl/a.yaml", "kuttl/b.yaml", "changes/c.yaml"].map((path) => [
          path,
          pod("p", false),
        ]),
      ),
    });
    const said = corpusFilesIn(folder, undefined).map(({ path, expect }) => [path, expect]);
    expect(Object.fromEntries(said)).toEqual({
      "success.yaml": "bad",
      "bare.yaml": "good",
      "kuttl/a.yaml": "bad",
      "kuttl/b.yaml": "good",
      "changes/c.yaml": undefined,
    });
  });

  test("of Gatekeeper's speak of files, by the violations they count on", () => {
    const suite = (object: string, violations: string) =>
      `{ name: n, object: ${object}, assertions: [{ violations: ${violations} }] }`;
    const result = outcome(
      corpus({
        "suite.yaml": `kind: Suite\ntests: [{ cases: [${suite("samples/a.yaml", "no")}, ${suite("samples/b.yaml", "1")}] }]\n`,
        "samples/a.yaml": pod("a", false),
        "samples/b.yaml": pod("b", true),
      }),
    );
    expect(result.together).toEqual({ truePositives: 1, trueNegatives: 1, falsePositives: 0, falseNegatives: 0 });
  });

  test("of Kubescape's speak of all files of a case together: an empty list is good", () => {
    const result = outcome(
      corpus({
        "r/test/one/expected.json": '[{ "alertMessage": "bad" }]',
        "r/test/one/input/a.json": JSON.stringify({ kind: "Pod", spec: { containers: [{ name: "a" }] } }),
        "r/test/one/input/b.yml": pod("b", true),
        "r/test/two/expected.json": "[]",
        "r/test/two/input/pod.yaml": pod("c", false),
      }),
    );
    expect(result.together).toEqual({ truePositives: 1, trueNegatives: 1, falsePositives: 0, falseNegatives: 0 });
    expect(result.disagreements).toEqual([]);
  });

  test("count less than --expect", () => {
    const folder = corpus({ "t/expected.json": "[]", "t/input/pod.yaml": pod("a", true) });
    expect(corpusFilesIn(folder, "bad").map(({ expect }) => expect)).toEqual(["bad"]);
    expect(corpusFilesIn(folder, undefined).map(({ expect }) => expect)).toEqual(["good"]);
  });
});

test("in a file with an object called dont-fire, objects that say nothing are bad; not so where others fire", () => {
  const result = outcome(
    corpus({
      "a.yml": `${pod("dont-fire", false)}---\n${pod("app", true)}`,
      "b.yml": `${pod("dont-fire", false)}---\n${pod("fire-it", true)}---\n${pod("helper", true)}`,
    }),
  );
  expect(result.together).toEqual({ truePositives: 2, trueNegatives: 2, falsePositives: 0, falseNegatives: 0 });
  expect(result.withoutExpectation).toEqual(["b.yml: Pod helper"]);
});

test("where folders are named like policies, files in other folders are left out; where none is, every policy judges", () => {
  const left = (files: Readonly<Record<string, string>>) => {
    const { subjects, incomparable } = subjectsOf(corpusFilesIn(corpus(files), undefined), chosenPolicies(none));
    return [subjects.flatMap(({ files: kept }) => kept.map(({ path }) => path)), incomparable];
  };
  const good = pod("a", false);
  expect(left({ "no-privileged/good.yaml": good, "require-labels/good.yaml": good })).toEqual([
    ["no-privileged/good.yaml"],
    [expect.stringContaining("require-labels/good.yaml: no folder above it")],
  ]);
  expect(left({ "good/host-network.yaml": good, "good/other.yaml": good })[1]).toEqual([]);
});

test("every YAML and JSON file of a folder is read, hidden folders and .yml too", () => {
  const folder = corpus({ ".a/b/good.yml": "", "c/bad.json": "{}", "notes.md": "kind: Pod" });
  expect(corpusFilesIn(folder, undefined).map(({ path, expect }) => [path, expect])).toEqual([
    [".a/b/good.yml", "good"],
    ["c/bad.json", "bad"],
  ]);
});

test("checks the pack has nothing like are left out with the reason, unless somebody asks for a policy", () => {
  const folder = corpus({
    "checks/linuxHardening/success.yaml": pod("a", false),
    "checks/runAsPrivileged/success.yaml": pod("a", false),
  });
  const { subjects, incomparable } = subjectsOf(corpusFilesIn(folder, undefined), chosenPolicies(none));
  expect(subjects.map(({ policies }) => policies.map(({ name }) => name))).toEqual([["no-privileged"]]);
  expect(incomparable).toEqual([expect.stringContaining("linuxHardening/success.yaml: linuxHardening: it is content")]);
});

describe("fixtures of the Pod Security Standards", () => {
  const about = (path: string) => {
    const file = { path, text: "", expect: "good" } as const;
    const { subjects, incomparable } = subjectsOf([file], chosenPolicies(none));
    return [
      subjects.map(({ policies, settings }) => [policies.length, settings.podSecurityVersion]),
      incomparable.length,
    ];
  };

  test("are about a level in a version, or in the pack's own version where they name none", () => {
    expect(about("x/baseline/v1.37/pass/a.yaml")).toEqual([[[12, "1.37"]], 0]);
    expect(about("x/restricted/fail/a.yaml")).toEqual([[[19, undefined]], 0]);
  });

  test("of a version that the pack does not know are left out", () => {
    expect(about("restricted/v1.25/fail/a.yaml")).toEqual([[], 1]);
  });
});
