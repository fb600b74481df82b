import { violation, type ObjectPolicy } from "../model/policy";

/** A fork bomb stays in its pod. */
export const kubeletPidsLimit: ObjectPolicy = {
  kind: "object",
  name: "kubelet-pids-limit",
  title: "Pods have a limit of processes",
  why: "A job that forks without end takes all process numbers of the node, and every other job on it dies.",
  level: "mandatory",
  severity: "medium",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "4.2.13" }],
  remediation: "Set podPidsLimit, e.g. 8192.",
  kinds: ["kubelet.config.k8s.io/KubeletConfiguration"],
  check: ({ root }) => {
    const limit = root.at("podPidsLimit");
    return (limit.number ?? -1) > 0 ? [] : [violation(limit, `the limit is ${limit.number ?? "not set"}`)];
  },
};
