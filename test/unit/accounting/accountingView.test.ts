/** Accounting's picture of the jobs: which queues have one, and what is in it. Prometheus itself judges it in test/engine. */
import { describe, expect, test } from "vitest";
import { accountedNamespace, accountingView } from "../../../components/monitoring/rules/accountingView";
import { ruleFiles } from "../../../components/monitoring/rules/index";
import { accountedSite } from "./accountingSite";

describe("accounting's picture", () => {
  test("is made of queues whose pods request less than whole cores, under a namespace nobody can have", () => {
    const groups = accountingView(accountedSite())?.groups ?? [];
    expect(groups).toHaveLength(1);
    expect(groups[0].rules.map((rule) => ("record" in rule ? [rule.record, rule.labels] : rule))).toEqual([
      ["kube_pod_start_time", { namespace: "production.whole-cores" }],
      ["kube_pod_completion_time", { namespace: "production.whole-cores" }],
      ["kube_pod_container_resource_requests", { namespace: "production.whole-cores", resource: "cpu", unit: "core" }],
    ]);
  });

  test("is none where every queue requests whole cores, and where nobody accounts", () => {
    expect(accountingView(accountedSite({}, { cpuRequestPercent: 100 }))).toBeUndefined();
    expect(accountingView(accountedSite({ accounting: { mode: "none" } }))).toBeUndefined();
    expect(accountedNamespace({ namespace: "whole", cpuRequestPercent: 100 })).toBe("whole");
  });

  test("is among the rules of the site's Prometheus", () => {
    expect(Object.values(ruleFiles(accountedSite()))).toContainEqual(accountingView(accountedSite()));
  });
});
