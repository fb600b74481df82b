import { own } from "../model/frameworks";
import { violation, type PodPolicy } from "../model/policy";
import { ofJob } from "./jobs";

/** A job should not count disruptions as failures. */
export const disruptionsIgnored: PodPolicy = {
  kind: "pod",
  name: "disruptions-ignored",
  title: "A drained node is nobody's fault",
  why: "When a node is drained or a pod preempted, the job fails like one whose payload failed, unless its policy tells the two apart.",
  level: "advisory",
  severity: "low",
  workload: "batch",
  frameworks: [own("Kubernetes: podFailurePolicy, stable since 1.31")],
  remediation: "Add to spec.podFailurePolicy.rules: action Ignore, onPodConditions type DisruptionTarget.",
  check: (pod) =>
    ofJob(pod, (spec) => {
      const rules = spec.at("podFailurePolicy", "rules");
      const ignores = rules.items.some(
        (rule) =>
          rule.at("action").is("Ignore") &&
          rule.at("onPodConditions").items.some((condition) => condition.at("type").is("DisruptionTarget")),
      );
      return ignores ? [] : [violation(rules, "no rule ignores disruptions")];
    }),
};
