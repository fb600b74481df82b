/** Accounting's picture of the jobs: which queues have one, and what is in it. Prometheus itself judges it in test/engine. */
import { monitored } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { accountedNamespace, accountingView } from "../../../components/monitoring/rules/accountingView";
import { ruleFiles } from "../../../components/monitoring/rules/index";
import { accountedSite } from "./accountingSite";

describe("accounting's picture", () => {
  test("is made of each queue's pods, under a namespace nobody can have", () => {
    const groups = accountingView(accountedSite())?.groups ?? [];
    expect(groups).toHaveLength(1);
    expect(groups[0].rules).toHaveLength(8);
    expect(groups[0].rules.slice(0, 4).map((rule) => ("record" in rule ? [rule.record, rule.labels] : rule))).toEqual([
      ["kube_pod_start_time", { namespace: "production.whole-cores" }],
      ["kube_pod_completion_time", { namespace: "production.whole-cores" }],
      ["kube_pod_container_resource_requests", { namespace: "production.whole-cores", resource: "cpu", unit: "core" }],
      ["accounting:cpu_request:percent", { namespace: "production" }],
    ]);
  });

  test("is under one namespace whatever is requested, so that no change of it moves the months before", () => {
    const names = [90, 100].map((percent) => {
      const [{ rules }] = accountingView(accountedSite({}, { cpuRequestPercent: percent }))!.groups;
      return rules[0].labels;
    });
    expect(names[0]).toEqual(names[1]);
    expect(accountedNamespace({ namespace: "whole" })).toBe("whole.whole-cores");
  });

  test("is none where nobody accounts", () => {
    expect(accountingView(accountedSite({ accounting: { mode: "none" } }))).toBeUndefined();
  });

  test("is among the rules of the site's Prometheus", () => {
    expect(Object.values(ruleFiles(monitored(accountedSite())))).toContainEqual(accountingView(accountedSite()));
  });
});
