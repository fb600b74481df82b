import { describe, expect, test } from "vitest";
import { checks, crossCheck, isLost } from "../../../stacks/site/checks";
import { problemText } from "../../../stacks/site/problem";
import { examples } from "./checkExamples";
import { siteWith } from "./sites";

describe.each(examples)("$check", ({ check: title, fails, says, passes }) => {
  const check = checks.find((candidate) => candidate.title === title)!;

  test("says what is wrong, where, and how to fix it", () => {
    expect(check.run(siteWith(fails)).map((problem) => problemText(problem))).toEqual(says);
  });

  test("is content just short of that", () => {
    expect(check.run(siteWith(passes))).toEqual([]);
  });

  test("says nothing when a value it rests on is broken", () => {
    for (const need of check.needs) {
      const path = need
        .replace(".**", "")
        .split(".")
        .map((key) => (key === "*" ? "any" : key));
      const told = crossCheck(siteWith(fails), [path]).map((problem) => problemText(problem));
      says.forEach((text) => expect(told).not.toContain(text));
    }
  });
});

test("every cross-check has an example, and the small site passes them all", () => {
  expect(new Set(examples.map(({ check }) => check))).toEqual(new Set(checks.map(({ title }) => title)));
  expect(crossCheck(siteWith({}), [])).toEqual([]);
});

test.each<[string, string, boolean]>([
  ["cloud.pools.*.count", "cloud.pools.batch.count", true],
  ["cloud.pools.*.count", "cloud.pools.batch", true],
  ["cloud.pools.*.count", "cloud", true],
  ["cloud.pools.*.count", "cloud.pools.batch.flavor.vcpus", false],
  ["cloud.pools.*.count", "cluster", false],
  ["cloud.pools.*.flavor.**", "cloud.pools.batch.flavor.vcpus", true],
  ["cloud", "cloud.pools.batch", false],
])("what %s stands on is lost with %s: %s", (need, damaged, lost) => {
  expect(isLost(need, damaged.split("."))).toBe(lost);
});
