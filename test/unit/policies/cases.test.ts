/** Every policy says what its cases demand, and has a case of every kind. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allPolicies } from "../../../policies/all";
import { judged, told, verdictOf, type CaseFile, type Cases, type MoreCases, type PolicyCases } from "./policyCases";

const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".cases.ts"))
  .sort();
const read = Promise.all(files.map((file) => import(join(__dirname, file)) as Promise<CaseFile>));
async function allCases(): Promise<PolicyCases[]> {
  return (await read).flatMap(({ cases = [] }) => cases);
}

const QUIET = ["pass", "notApplicable", "unknown"] as const;

describe("cases", async () => {
  const more = (await read).flatMap((file) => file.more ?? []);
  describe.each<MoreCases>([...(await allCases()), ...more])("$policy.name", ({ policy, fail = {}, ...quiet }) => {
    test.each(Object.entries(fail))("fails: %s", (_, { given, tells, settings }) => {
      const judgements = judged(policy, given, settings);
      expect([verdictOf(judgements), told(judgements).join("\n")]).toEqual(["fail", expect.stringContaining(tells)]);
    });

    describe.each(QUIET.filter((kind) => Object.keys(quiet[kind] ?? {}).length > 0))("%s", (kind) => {
      test.each(Object.entries(quiet[kind] as Cases))("%s", (_, one) => {
        const { given, settings } = typeof one === "object" && "given" in one ? one : { given: one, settings: {} };
        const judgements = judged(policy, given, settings);
        expect([verdictOf(judgements), told(judgements)]).toEqual([kind, []]);
      });
    });
  });
});

test("every policy has cases of every kind, once", async () => {
  const all = await allCases();
  const names = all.map(({ policy }) => policy.name).sort();
  expect(names).toEqual(allPolicies.map(({ name }) => name).sort());
  const lacking = all.filter(({ pass, fail, notApplicable, unknown, withoutUnknown }) =>
    [pass, fail, notApplicable, withoutUnknown === undefined ? unknown : { withoutUnknown }].some(
      (cases) => Object.keys(cases).length === 0,
    ),
  );
  expect(lacking.map(({ policy }) => policy.name)).toEqual([]);
});

test("every policy says why, how to fix it, and where else it is demanded or that it is the site's own", () => {
  const silent = allPolicies.filter(
    ({ title, why, remediation, frameworks }) =>
      title.length < 10 || why.length < 20 || remediation.length < 20 || frameworks.length === 0,
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
  expect(new Set(allPolicies.map(({ name }) => name)).size).toBe(allPolicies.length);
  expect(allPolicies.filter(({ name }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
});
