import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filePolicies } from "../../../policies/commands/choice";
import { expectationsFrom, expected } from "../../corpus/expectationFile";
import { ROOT } from "../../support/sites";

const given = {
  corpus: "somebody/checks",
  commit: "c0ffee",
  files: [
    { path: "{check}/known-bad.yaml", expect: "bad" as const },
    { path: "{check}/good*", expect: "good" as const },
  ],
  checks: { privileged: ["no-privileged"] },
  notComparable: { quotas: "the pack has nothing like it" },
};
const file = (path: string) => ({ path, text: "" });

describe("an expectation file", () => {
  test("says what each file is about and whether it is good; what it does not name is left out, with the reason", () => {
    const paths = ["privileged/known-bad.yaml", "privileged/good-forbidden.yaml", "privileged/bad.yaml"];
    const { subjects, incomparable } = expected([...paths, "quotas/good.yaml"].map(file), given, filePolicies);
    expect(
      subjects.map(({ files, policies }) => [
        files.map(({ path, expect }) => [path, expect]),
        policies.map(({ name }) => name),
      ]),
    ).toEqual([
      [
        [
          ["privileged/known-bad.yaml", "bad"],
          ["privileged/good-forbidden.yaml", "good"],
        ],
        ["no-privileged"],
      ],
    ]);
    expect(incomparable).toEqual([
      "privileged/bad.yaml: no line of the expectation file is about it",
      "quotas/good.yaml: quotas: the pack has nothing like it",
    ]);
  });

  test("that names a policy that there is not, or has an unknown key, is refused", () => {
    expect(() => expected([], { ...given, checks: { a: ["nope"] } }, filePolicies)).toThrow(/nope/);
    expect(() => expectationsFrom(JSON.stringify({ ...given, guess: true }))).toThrow(/guess/);
  });

  test("of the project names policies that there are", () => {
    const folder = join(ROOT, "test", "corpus", "expectations");
    const all = readdirSync(folder).map((name) => expectationsFrom(readFileSync(join(folder, name), "utf8")));
    expect(all.length).toBeGreaterThan(0);
    for (const one of all) {
      expect(expected([], one, filePolicies).subjects).toEqual([]);
    }
  });
});
