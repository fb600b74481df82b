import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";

/** No container may be privileged. */
export const noPrivileged: PodPolicy = {
  kind: "pod",
  name: "no-privileged",
  title: "No privileged container",
  why: "A privileged container has the node's devices and every capability: whoever gets into it has the node, and with it every job and secret on the node.",
  level: "mandatory",
  severity: "critical",
  profile: "baseline",
  frameworks: [
    { framework: "Pod Security Standards", version: "1.36", control: "baseline: Privileged Containers" },
    { framework: "CIS Kubernetes", version: "1.12", control: "5.2.2" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0057" },
  ],
  remediation: "Remove securityContext.privileged, or set it to false; ask for the one capability the container needs.",
  check: (pod) =>
    each(containersOf(pod), (container) => {
      const privileged = container.at("securityContext", "privileged");
      return privileged.is(true) ? violation(privileged, `${nameOf(container)} is privileged`) : undefined;
    }),
};
