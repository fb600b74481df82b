import { podSecurity, cis, kyverno, kubesec } from "../model/frameworks";
import { hasOwnUsers, securityContexts } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

/** No pod or container may ask for user 0, but in a user namespace. */
export const noRootUser: PodPolicy = {
  kind: "pod",
  name: "no-root-user",
  title: "No container as user 0",
  why: "A pod that asks for root gets it, whatever its image says.",
  level: "mandatory",
  severity: "high",
  profile: "restricted",
  frameworks: [
    podSecurity("restricted: runAsUser"),
    cis("5.2.7"),
    kyverno("require-run-as-non-root-user"),
    kubesec("RunAsUser"),
  ],
  remediation: "Set securityContext.runAsUser to another number, or hostUsers: false.",
  check: (pod, settings) =>
    hasOwnUsers(pod, settings)
      ? []
      : each(securityContexts(pod), ({ of, context }) => {
          const user = context.at("runAsUser");
          return user.is(0) ? violation(user, `${of} runs as user 0`) : undefined;
        }),
};
