/** Examples of the policies, which their pages show: the bad one violates its policy, the good one does not. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { exampleOf } from "../../../docs/policyExamples";
import { allPolicies } from "../../../policies/all";
import type { Policy } from "../../../policies/model/policy";
import { judged, verdictOf, type CaseResource } from "./policyCases";

const ROOT = join(__dirname, "../../..");

function verdict(policy: Policy, kind: "bad" | "good"): string | undefined {
  const example = exampleOf(policy.name, kind);
  if (example === undefined) {
    return undefined;
  }
  const ofResources = policy.kind === "resource" || policy.kind === "stack";
  const given = ofResources ? (parse(example.yaml) as CaseResource[]) : example.yaml;
  return verdictOf(judged(policy, given, example.settings));
}

test.each(allPolicies)("$name refuses its bad example and accepts its good one", (policy) => {
  expect([verdict(policy, "bad"), verdict(policy, "good")]).toEqual(["fail", "pass"]);
});

test("no example and no page is left of a policy that is gone", () => {
  const names = allPolicies.map(({ name }) => name).sort();
  expect(readdirSync(join(ROOT, "policies/examples")).sort()).toEqual(names);
  expect(readdirSync(join(ROOT, "docs/policies")).sort()).toEqual(names.map((name) => `${name}.md`));
});
