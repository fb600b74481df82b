import { podSecurity, cis, nsa, kyverno, kubesec } from "../model/frameworks";
import { demandedOfAll, isWindows } from "../model/podSecurity";
import { notApplicable, type PodPolicy } from "../model/policy";
import { mayBeUnconfined } from "./unconfined";

const PROFILES: ReadonlySet<unknown> = new Set(["RuntimeDefault", "Localhost"]);

/** Every container must have a seccomp profile, of its own or from its pod. Reads `unconfinedNamespaces`. */
export const seccompRuntimeDefault: PodPolicy = {
  kind: "pod",
  name: "seccomp-runtime-default",
  title: "A seccomp profile for every container",
  why: "Without a profile a container may call all of the kernel, unless the kubelet happens to be told otherwise.",
  level: "mandatory",
  severity: "medium",
  profile: "restricted",
  frameworks: [
    podSecurity("restricted: seccompProfile_restricted"),
    cis("5.7.2"),
    nsa("C-0055"),
    kyverno("restrict-seccomp-strict"),
    kubesec("SeccompAny"),
  ],
  remediation: "Set securityContext.seccompProfile.type: RuntimeDefault on the pod.",
  check: (pod, settings) =>
    isWindows(pod)
      ? notApplicable("Windows has no seccomp")
      : demandedOfAll(
          pod,
          ["seccompProfile"],
          (profile) => {
            const type = profile.at("type");
            return PROFILES.has(type.value) || (type.is("Unconfined") && mayBeUnconfined(pod, settings));
          },
          "a seccomp profile of type RuntimeDefault or Localhost",
        ),
};
