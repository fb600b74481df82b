import { nsa, kyverno, kubeLinter, polaris, kubesec } from "../model/frameworks";
import { nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";
import { longContainers } from "./containers";

/** Every container that stays should have a memory limit. */
export const limitsSet: PodPolicy = {
  kind: "pod",
  name: "limits-set",
  title: "Memory is limited",
  why: "Without a limit one leaking process takes the memory of all pods of its node. (No limit on CPU is asked for: it would only waste cores that are idle.)",
  level: "advisory",
  severity: "low",
  frameworks: [
    nsa("C-0271"),
    kyverno("require-pod-requests-limits"),
    polaris("memoryLimitsMissing"),
    kubeLinter("unset-memory-requirements"),
    kubesec("LimitsMemory"),
  ],
  remediation: "Set resources.limits.memory on every container.",
  check: (pod) =>
    each(longContainers(pod), (container) => {
      const limit = container.at("resources", "limits", "memory");
      return limit.present || pod.spec.at("resources", "limits", "memory").present
        ? undefined
        : violation(limit, `${nameOf(container)} has no memory limit`);
    }),
};
