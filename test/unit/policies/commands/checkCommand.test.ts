/** The command as a function: what it prints, and its exit codes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pod, Workplace } from "./workplace";

const place = new Workplace();
const put = place.put.bind(place);
const run = place.run.bind(place);
const json = place.json.bind(place);
const ONLY = ["--only", "no-privileged"];

beforeAll(() => {
  put("bad.yaml", pod("p"));
  put("good.yaml", pod("p", { privileged: false }));
  put("sub/bad.yaml", `# a comment\n---\n${pod("other")}`);
});
afterAll(() => place.remove());

describe("findings", () => {
  test("have file, line and column of the key, the file as the user named it", () => {
    const { code, findings } = json([".", ...ONLY]);
    expect(code).toBe(1);
    expect(findings.map(({ file, line, column, object }) => [file, line, column, object])).toEqual([
      ["bad.yaml", 9, 9, "Pod q/p"],
      ["sub/bad.yaml", 11, 9, "Pod q/other"],
    ]);
  });

  test("of standard input say so, and need no file", () => {
    expect(json(["-", ...ONLY], pod("piped")).findings).toMatchObject([
      { file: "stdin", line: 9, object: "Pod q/piped" },
    ]);
  });

  test("of one object in two files are each reported in their file, also by policies on all objects together", () => {
    const claim = "apiVersion: v1\nkind: Namespace\nmetadata: { name: twice }\n";
    put("twice/a.yaml", claim);
    put("twice/b.yaml", `\n${claim}`);
    const { findings } = json(["twice", "--only", "default-deny-ingress", "--set", 'batchNamespaces=["twice"]']);
    expect(findings.map(({ file, line }) => [file, line])).toEqual([
      ["twice/a.yaml", 1],
      ["twice/b.yaml", 2],
    ]);
  });

  test("come once where a file is named twice", () => {
    expect(json(["bad.yaml", "bad.yaml", ...ONLY]).findings).toHaveLength(1);
  });

  test("in kinds that the pack does not know are found by shape, or reported as not judged", () => {
    const spec = { driver: { image: "x", env: [] } };
    put("foreign.json", JSON.stringify({ apiVersion: "a.b/v1", kind: "Spark", metadata: { name: "s" }, spec }));
    expect(json(["foreign.json"]).podsNotJudged).toMatchObject([
      { file: "foreign.json", line: 1, path: "spec.driver" },
    ]);
    expect(run(["foreign.json"]).text).toContain("pods not judged: foreign.json:1:");
  });
});

describe("policies are chosen", () => {
  test("by --only and --exclude, with lists, and by --severity", () => {
    const names = (...argv: string[]) => new Set(json(["bad.yaml", ...argv]).findings.map(({ policy }) => policy));
    expect([...names("--only", "no-privileged,read-only-root")]).toEqual(["no-privileged", "read-only-root"]);
    expect(names().has("no-privileged")).toBe(true);
    expect(names("--exclude", "no-privileged").has("no-privileged")).toBe(false);
    expect([...names("--severity", "critical")]).toEqual(["no-privileged"]);
    expect(() => run(["bad.yaml", "--exclude", "nope"])).toThrow(/no policy "nope"/);
    expect(() => run(["bad.yaml", "--severity", "worst"])).toThrow(/allowed are low, medium, high, critical/);
  });

  test("a lowered one is reported and does not fail", () => {
    const { code, findings } = json(["bad.yaml", ...ONLY, "--lower", "no-privileged"]);
    expect([code, findings[0].level]).toEqual([0, "advisory"]);
  });
});

describe("the exit code", () => {
  test.each([
    ["0 where nothing mandatory is found", ["good.yaml", ...ONLY], "", 0],
    ["1 where something is", ["bad.yaml", ...ONLY], "", 1],
    [
      "1 where a document is no YAML, although the others are fine",
      ["-", ...ONLY],
      `${pod("p", { privileged: false })}---\na: b: c\n`,
      1,
    ],
    ["2 where there is no object", ["-"], "a: 1\n", 2],
    ["0 there, when that is allowed", ["-", "--allow-no-objects"], "a: 1\n", 0],
  ])("is %s", (_, argv, stdin, code) => {
    expect(run(argv, stdin).code).toBe(code);
  });

  test("is that of a wrong command for a place that is not there, no place, and an unknown option", () => {
    expect(() => run(["nowhere"])).toThrow(/nowhere: there is no such file or folder/);
    expect(() => run([])).toThrow(/name at least one file/);
    expect(() => run(["bad.yaml", "--outputs", "json"])).toThrow(/--help/);
  });
});

describe("text", () => {
  test("begins with the totals and has each policy once, with how to fix it", () => {
    const { text } = run([".", "--only", "no-privileged,read-only-root"]);
    expect(text.split("\n")[0]).toMatch(
      /^\d+ objects in \d+ files: \d+ mandatory and \d+ advisory findings of 2 policies/,
    );
    expect(text.match(/^ {2}fix: /gm)).toHaveLength(2);
    expect(text).toContain("  bad.yaml:9:9: Pod q/p: spec.containers[0].securityContext.privileged: ");
  });

  test("lists ten places for a policy, and all with --all", () => {
    const many = Array.from({ length: 12 }, (_, index) => pod(`p${index}`)).join("---\n");
    const places = (...argv: string[]) => run(["-", ...ONLY, ...argv], many).text.match(/^ {2}stdin:/gm)?.length;
    expect([places(), places("--all")]).toEqual([10, 12]);
    expect(run(["-", ...ONLY], many).text).toContain("and 2 more in 1 files; --all lists them");
  });

  test("with --quiet is what fails, and nothing where nothing does", () => {
    expect(run(["good.yaml", "--quiet", "--only", "read-only-root"]).text).toBe("");
    expect(run(["bad.yaml", "--quiet", "--only", "read-only-root,no-privileged"]).text).not.toContain("read-only-root");
  });
});
