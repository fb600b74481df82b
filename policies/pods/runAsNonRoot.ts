import { podSecurity, cis, nsa, kyverno, kubeLinter, polaris, kubesec } from "../model/frameworks";
import { hasOwnUsers, demandedOfAll } from "../model/podSecurity";
import type { PodPolicy } from "../model/policy";

/** Every container must be bound not to run as root, but in a user namespace. */
export const runAsNonRoot: PodPolicy = {
  kind: "pod",
  name: "run-as-non-root",
  title: "No container that could run as root",
  why: "Root in a container is one bug of the kernel away from root on the node. An image that needs root gets users of its own (hostUsers: false), which the standards accept since 1.35.",
  level: "mandatory",
  severity: "high",
  profile: "restricted",
  frameworks: [
    podSecurity("restricted: runAsNonRoot"),
    cis("5.2.7"),
    nsa("C-0013"),
    kyverno("require-run-as-nonroot"),
    kubeLinter("run-as-non-root"),
    polaris("runAsRootAllowed"),
    kubesec("RunAsNonRoot"),
  ],
  remediation: "Set securityContext.runAsNonRoot: true and a runAsUser on the pod, or hostUsers: false.",
  check: (pod, settings) =>
    hasOwnUsers(pod, settings)
      ? []
      : demandedOfAll(pod, ["runAsNonRoot"], (value) => value.is(true), "runAsNonRoot: true"),
};
