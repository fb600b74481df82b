import { kyverno, own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

/** A batch pod may not choose its node by name. */
export const noNodeName: PodPolicy = {
  kind: "pod",
  name: "no-node-name",
  title: "No node by name",
  why: "A pod that names its node passes by the scheduler: by its taints, its packing and its count of what is free.",
  level: "mandatory",
  severity: "medium",
  workload: "batch",
  frameworks: [kyverno("disallow-node-selection"), own("packing: only the scheduler places jobs")],
  remediation: "Remove nodeName; use nodeSelector or affinity.",
  check: (pod) =>
    each([pod.spec.at("nodeName")], (name) =>
      name.present && !name.is("") ? violation(name, `the pod names node ${show(name)}`) : undefined,
    ),
};
