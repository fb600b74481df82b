import { podSecurity, cis, nsa, kyverno, kubeLinter, polaris, kubesec } from "../model/frameworks";
import { isWindows } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";

/** Every container must forbid privilege escalation. */
export const noPrivilegeEscalation: PodPolicy = {
  kind: "pod",
  name: "no-privilege-escalation",
  title: "No process with more rights than its parent",
  why: "Without this a set-user-id program in an image, or a bug in one, makes root of a user; pilots start programs of users.",
  level: "mandatory",
  severity: "high",
  profile: "restricted",
  frameworks: [
    podSecurity("restricted: allowPrivilegeEscalation"),
    cis("5.2.6"),
    nsa("C-0016"),
    kyverno("disallow-privilege-escalation"),
    kubeLinter("privilege-escalation-container"),
    polaris("privilegeEscalationAllowed"),
    kubesec("AllowPrivilegeEscalation"),
  ],
  remediation: "Set securityContext.allowPrivilegeEscalation: false on the container.",
  check: (pod) =>
    isWindows(pod)
      ? notApplicable("Windows has no such setting")
      : each(containersOf(pod), (container) => {
          const escalation = container.at("securityContext", "allowPrivilegeEscalation");
          return escalation.is(false)
            ? undefined
            : violation(escalation, `${nameOf(container)} does not set allowPrivilegeEscalation to false`);
        }),
};
