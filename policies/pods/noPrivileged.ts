import { podSecurity, cis, nsa, kyverno, kubeLinter, polaris, kubesec } from "../model/frameworks";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";

/** No container may be privileged. */
export const noPrivileged: PodPolicy = {
  kind: "pod",
  name: "no-privileged",
  title: "No privileged container",
  why: "A privileged container has the node's devices and every capability: whoever gets into it has the node, and with it every job and secret there.",
  level: "mandatory",
  severity: "critical",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: privileged"),
    cis("5.2.2"),
    nsa("C-0057"),
    kyverno("disallow-privileged-containers"),
    kubeLinter("privileged-container"),
    polaris("runAsPrivileged"),
    kubesec("Privileged"),
  ],
  remediation: "Remove securityContext.privileged, or set it to false; ask for the one capability the container needs.",
  check: (pod) =>
    each(containersOf(pod), (container) => {
      const privileged = container.at("securityContext", "privileged");
      return privileged.is(true) ? violation(privileged, `${nameOf(container)} is privileged`) : undefined;
    }),
};
