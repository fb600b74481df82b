/** What is read of a place: files in every layout, and what is told of the rest. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { check } from "../../../../policies/commands/check";
import { chosenPolicies, chosenRun } from "../../../../policies/commands/choice";
import { compare } from "../../../corpus/corpus";
import { corpusReport } from "../../../corpus/corpusReport";
import { manifestsAt } from "../../../../policies/commands/files";

const none = { policies: [], set: [] };
const only = chosenPolicies({ ...none, policies: ["no-host-namespaces"] });
const POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  hostNetwork: true\n";
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "places-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

describe("a place", () => {
  test("is read through links, also those that lead back, and files of other names are told", () => {
    mkdirSync(join(folder, "real"));
    put("real/b.yaml", POD);
    put("A.YML", POD);
    put("notes.md", "x");
    symlinkSync("real/b.yaml", join(folder, "link.json"));
    symlinkSync("real", join(folder, "linked"));
    symlinkSync("..", join(folder, "real/up"));
    const { files, others, unreadable } = manifestsAt(folder);
    expect(files.map(({ path }) => path)).toEqual(["A.YML", "link.json", "linked/b.yaml", "real/b.yaml"]);
    expect([others, unreadable]).toEqual([["notes.md"], []]);
  });

  test("with a link to nothing or a pipe is read all the same, and tells them", () => {
    symlinkSync("nowhere", join(folder, "gone.yaml"));
    expect(spawnSync("mkfifo", [join(folder, "pipe.yaml")]).status).toBe(0);
    put("z.yaml", POD);
    const { files, unreadable } = manifestsAt(folder);
    expect(files.map(({ path }) => path)).toEqual(["z.yaml"]);
    expect(unreadable).toEqual(["gone.yaml: a link to nothing", "pipe.yaml: no file, but a pipe or a device"]);
    expect(() => manifestsAt(join(folder, "pipe.yaml"))).toThrow(/neither a file nor a folder/);
    expect(() => manifestsAt(join(folder, "gone.yaml"))).toThrow(/there is no such file or folder/);
  });
});

describe.each([
  ["Windows' line ends", POD.replace(/\n/g, "\r\n")],
  ["a byte order mark", `\uFEFF${POD}`],
  ["a byte order mark before several documents", `\uFEFF---\n${POD}---\n# nothing\n`],
  ["a directive and an end", `%YAML 1.2\n---\n${POD}...\n`],
  ["a key that stands twice", POD.replace("  hostNetwork", "  hostNetwork: false\n  hostNetwork")],
  ["anchors and merges", `${POD.replace("spec:", "spec:\n  <<: *net").replace("  hostNetwork: true\n", "")}`],
  ["JSON with tabs", '{\n\t"kind": "Pod",\n\t"metadata": { "name": "a" },\n\t"spec": { "hostNetwork": true } }'],
])("a file with %s", (title, written) => {
  const text = title === "anchors and merges" ? `shared: &net { hostNetwork: true }\n${written}` : written;

  test("is read: its pod is found", () => {
    const { findings, unreadable } = check([{ path: "a.yaml", text }], only, chosenRun(none));
    expect([findings.map(({ object }) => object), unreadable]).toEqual([["Pod a"], []]);
  });
});

describe("a file in which nothing can be judged", () => {
  const result = (expected: "good" | "bad", text: string) =>
    compare([{ path: "a.yaml", text, expect: expected }], only, chosenRun(none));

  test("is told as empty where there is nothing but comments: nobody is right or wrong about it", () => {
    for (const text of ["", "# a\n", "---\n---\n", "\uFEFF"]) {
      expect([result("bad", text).empty, result("bad", text).verdicts]).toEqual([["a.yaml"], 0]);
    }
    const report = corpusReport(result("good", "# a\n"), {
      all: false,
      incomparable: [],
      asked: [],
      others: ["b.tpl", "Makefile"],
    });
    expect(report).toContain("Left out, since there is nothing in them:\n  a.yaml");
    expect(report).toContain("in .yaml, .yml or .json:\n  .tpl 1\n  Makefile 1");
  });

  test("is told as no YAML where it is a template, and never lost: not without a verdict either", () => {
    const text = "kind: Pod\n{{- if .x }}\nspec: {}\n{{ end }}\n";
    expect(result("bad", text).unreadable).toHaveLength(1);
    expect(compare([{ path: "a.yaml", text, expect: undefined }], only, chosenRun(none)).unreadable).toHaveLength(1);
  });

  test("is counted by a check as one without an object", () => {
    const { objects, notices } = check([{ path: "values.yaml", text: "a: 1\n---\nb: 2\n" }], only, chosenRun(none));
    expect([objects, notices]).toEqual([0, ["no object of Kubernetes: values.yaml: 2 document(s)"]]);
  });
});

test("thousands of objects in one file are each judged", () => {
  const text = Array.from({ length: 2000 }, (_, index) => POD.replace("name: a", `name: a${index}`)).join("---\n");
  const { together } = compare([{ path: "bad.yaml", text, expect: "bad" }], only, chosenRun(none));
  expect(together).toEqual({ truePositives: 2000, trueNegatives: 0, falsePositives: 0, falseNegatives: 0 });
});
