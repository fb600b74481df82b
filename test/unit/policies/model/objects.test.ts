import { describe, expect, test } from "vitest";
import { Field, UNKNOWN } from "../../../../policies/model/field";
import { objectsIn } from "../../../../policies/model/objects";
import { podsOf, POD_KINDS } from "../../../../policies/model/pods";
import { defaultSettings } from "../../../../policies/model/settings";
import { readYaml } from "../../../../policies/model/yaml";

const objects = (text: string) => readYaml(text).documents.flatMap((document) => objectsIn(new Field(document)));
const ids = (text: string) => objects(text).map(({ id }) => id);

/** Where each kind has its pod's spec. */
const SPECS: Readonly<Record<string, string>> = {
  Pod: "spec",
  PodTemplate: "template.spec",
  CronJob: "spec.jobTemplate.spec.template.spec",
};

function nested(path: string, value: object): object {
  return path.split(".").reduceRight<object>((inner, key) => ({ [key]: inner }), value);
}

describe("objects", () => {
  test("are found in Lists of any kind, also where the items do not say what they are", () => {
    const list = "kind: List\nitems: [{ kind: Pod, metadata: { name: a } }, { kind: List, items: [{ kind: Role }] }]";
    expect(ids(list)).toEqual(["Pod a", "Role (no name)"]);
    expect(ids("apiVersion: apps/v1\nkind: DeploymentList\nitems: [{ metadata: { name: a } }]")).toEqual([
      "Deployment a",
    ]);
  });

  test("are found in a plain list, and in a request for admission", () => {
    expect(ids('[{"kind": "Pod", "metadata": {"name": "a"}}, {"kind": "Pod", "metadata": {"name": "b"}}]')).toEqual([
      "Pod a",
      "Pod b",
    ]);
    const review =
      "kind: AdmissionReview\nrequest: { operation: UPDATE, object: { kind: Pod, metadata: { name: a } } }";
    expect(ids(review)).toEqual(["Pod a"]);
    expect(objects(review)[0].root.path).toBe("request.object");
    expect(ids("kind: AdmissionReview\nrequest: { operation: DELETE }")).toEqual([]);
    const silent =
      "kind: AdmissionReview\nrequest: { kind: { group: apps, version: v1, kind: Deployment }, namespace: q, object: { metadata: { name: a } } }";
    expect(objects(silent).map(({ id, apiVersion }) => [id, apiVersion])).toEqual([["Deployment q/a", "apps/v1"]]);
  });

  test("without a namespace are where their surroundings are, except those that have none", () => {
    const around = (kind: string) => objectsIn(new Field({ kind, metadata: { name: "a" } }), { namespace: "q" })[0].id;
    expect(["Pod", "Role", "ClusterRole", "Namespace"].map(around)).toEqual([
      "Pod q/a",
      "Role q/a",
      "ClusterRole a",
      "Namespace a",
    ]);
  });

  test("with a key that stands twice are read as Kubernetes does: the later counts", () => {
    expect(ids("kind: Pod\nmetadata:\n  name: a\n  name: b")).toEqual(["Pod b"]);
  });

  test("are found as text in a ConfigMap, several in one, in its namespace, YAML or JSON", () => {
    const data = {
      "job.yaml": "kind: Job\nmetadata: { name: a }\n---\nkind: Job\nmetadata: { name: b, namespace: own }\n",
      "pod.json": '{"kind": "Pod", "metadata": {"name": "c"}}',
      "notes.txt": "a kind: of text\nkind: words: twice",
      "list.yaml": "kind: List\nitems: [{ kind: Pod }]",
    };
    const text = JSON.stringify({ kind: "ConfigMap", metadata: { name: "m", namespace: "q" }, data });
    expect(ids(text)).toEqual(["ConfigMap q/m", "Job q/a", "Job own/b", "Pod q/c", "Pod q/(no name)"]);
    expect(objects(text)[2].root.path).toBe('data["job.yaml"][1]');
  });

  test("in a ConfigMap whose namespace a preview does not know are in a namespace that it does not know", () => {
    const data = {
      "job.yaml": "kind: Job\nmetadata: { name: a }\n---\nkind: Job\nmetadata: { name: b, namespace: own }\n",
    };
    const found = objectsIn(new Field({ kind: "ConfigMap", metadata: { name: "m", namespace: UNKNOWN }, data }));
    expect(found.map(({ id, namespaceUnknown }) => [id, namespaceUnknown])).toEqual([
      ["ConfigMap m", true],
      ["Job a", true],
      ["Job own/b", false],
    ]);
  });

  test("are read as Kubernetes reads them: octal modes, texts that look like dates", () => {
    const [document] = readYaml("mode: 0400\nday: 2026-01-01\ntime: 10:20\n").documents;
    expect(document).toEqual({ mode: 256, day: "2026-01-01", time: "10:20" });
  });

  test.each([
    ["no YAML", "a: b: c\n  - d"],
    ["a template of another program", "{{ if .Values.x }}\nkind: Pod\n{{ end }}"],
    ["an alias to nowhere", "a: *b"],
    ["a bomb", `a: &a [x]\nb: &b [${"*a,".repeat(60)}]\nc: &c [${"*b,".repeat(60)}]\nd: [${"*c,".repeat(60)}]`],
  ])("of %s are none, and what is wrong is told", (_, text) => {
    const { documents, errors } = readYaml(text);
    expect([documents.length, errors.length]).toEqual([0, 1]);
  });

  test.each([
    "",
    "---\n---\n",
    "# a comment",
    "just text",
    "- a\n- b",
    "5",
    "null",
    "kind: [1]",
    "kind: Pod\nmetadata: 3",
  ])("of %j make no trouble", (text) => {
    for (const object of objects(text)) {
      podsOf(object, defaultSettings);
    }
  });
});

describe("pods", () => {
  test.each(POD_KINDS)("are found in a %s", (kind) => {
    const path = SPECS[kind] ?? "spec.template.spec";
    const [object] = objectsIn(new Field({ kind, ...nested(path, { hostNetwork: true }) }));
    const [pod] = podsOf(object, defaultSettings);
    expect([pod.spec.at("hostNetwork").value, pod.spec.path]).toEqual([true, path]);
  });

  test("are found in a foreign kind built like a Deployment, and not where there is none", () => {
    const rollout = objectsIn(new Field({ kind: "Rollout", ...nested("spec.template.spec", { containers: [] }) }));
    const machine = objectsIn(new Field({ kind: "VirtualMachine", ...nested("spec.template.spec", { domain: {} }) }));
    expect([...rollout, ...machine].map((object) => podsOf(object, defaultSettings).length)).toEqual([1, 0]);
  });

  test.each([
    ["a Job", { kind: "Job", metadata: { namespace: "q" } }, "batch"],
    ["a Job of the cluster's own", { kind: "Job", metadata: { namespace: "kube-system" } }, "infrastructure"],
    ["a CronJob", { kind: "CronJob", metadata: { namespace: "q" } }, "infrastructure"],
    ["a Pod of a batch namespace", { kind: "Pod", metadata: { namespace: "batch" } }, "batch"],
  ])("of %s are %s", (_, object, workload) => {
    const settings = { ...defaultSettings, batchNamespaces: ["batch"] };
    expect(objectsIn(new Field(object)).flatMap((one) => podsOf(one, settings))[0].workload).toBe(workload);
  });
});
