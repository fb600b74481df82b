import { podSecurity, nsa, kyverno, polaris, kubesec } from "../model/frameworks";
import { hasOwnUsers, show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";

/** No container may unmask /proc, but in a user namespace. */
export const noUnmaskedProc: PodPolicy = {
  kind: "pod",
  name: "no-unmasked-proc",
  title: "The masks of /proc stay on",
  why: "Unmasked, /proc lets a container read the kernel's secrets and write its switches; in a user namespace (hostUsers: false) it does not, which the standards know since 1.35.",
  level: "mandatory",
  severity: "high",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: procMount"),
    kyverno("disallow-proc-mount"),
    polaris("procMount"),
    kubesec("ProcMount"),
    nsa("C-0055"),
  ],
  remediation: "Remove securityContext.procMount, or give the pod users of its own (hostUsers: false).",
  check: (pod, settings) =>
    hasOwnUsers(pod, settings)
      ? []
      : each(containersOf(pod), (container) => {
          const mount = container.at("securityContext", "procMount");
          return !mount.present || mount.is("Default")
            ? undefined
            : violation(mount, `${nameOf(container)} has procMount ${show(mount)}`);
        }),
};
