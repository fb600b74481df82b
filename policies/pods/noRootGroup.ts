import { nsa, own } from "../model/frameworks";
import { hasOwnUsers, securityContexts } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

/** No pod or container may ask for group 0, but in a user namespace. */
export const noRootGroup: PodPolicy = {
  kind: "pod",
  name: "no-root-group",
  title: "No container in group 0",
  why: "Files and sockets of the node that root shares with its group open to a process of group 0, the container runtime's socket among them; a user other than 0 is only half of an identity.",
  level: "mandatory",
  severity: "high",
  frameworks: [nsa("C-0013"), own("a job of group 0 drove containerd in our tests")],
  remediation: "Set runAsGroup, fsGroup and supplementalGroups to other numbers, or hostUsers: false.",
  check: (pod, settings) => {
    if (hasOwnUsers(pod, settings)) {
      return [];
    }
    const main = each(securityContexts(pod), ({ of, context }) => {
      const group = context.at("runAsGroup");
      return group.is(0) ? violation(group, `${of} runs in group 0`) : undefined;
    });
    const context = pod.spec.at("securityContext");
    const others = each([context.at("fsGroup"), ...context.at("supplementalGroups").items], (group) =>
      group.is(0) ? violation(group, "the pod has group 0 beside its own") : undefined,
    );
    return [...main, ...others];
  },
};
