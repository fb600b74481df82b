import { podSecurity, cis, nsa, kyverno } from "../model/frameworks";
import { securityContexts, show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { mayBeUnconfined } from "./unconfined";

const PROFILES: ReadonlySet<unknown> = new Set(["RuntimeDefault", "Localhost"]);

/** No pod or container may turn seccomp off, unless the stack file says so for its queue. Reads `unconfinedNamespaces`. */
export const seccompNotUnconfined: PodPolicy = {
  kind: "pod",
  name: "seccomp-not-unconfined",
  title: "Seccomp never turned off",
  why: "Unconfined opens every system call of the kernel that all jobs of the node share.",
  level: "mandatory",
  severity: "high",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: seccompProfile_baseline"),
    cis("5.7.2"),
    kyverno("restrict-seccomp"),
    nsa("C-0055"),
  ],
  remediation:
    "Remove the profile, or use type: RuntimeDefault; for a queue whose pilots use apptainer, set seccomp: Unconfined in the stack file.",
  check: (pod, settings) =>
    each(securityContexts(pod), ({ of, context }) => {
      const profile = context.at("seccompProfile");
      const type = profile.at("type");
      return !profile.present || PROFILES.has(type.value) || (type.is("Unconfined") && mayBeUnconfined(pod, settings))
        ? undefined
        : violation(type, `${of} has seccomp profile ${show(type)}`);
    }),
};
