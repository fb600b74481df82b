import { podSecurity } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";

/** No container may unmask /proc. */
export const procMountDefault: PodPolicy = {
  kind: "pod",
  name: "proc-mount-default",
  title: "The masks of /proc stay on, whoever the users are",
  why: "Payload has no reason to unmask /proc, not even in a user namespace.",
  level: "mandatory",
  severity: "medium",
  profile: "restricted",
  frameworks: [podSecurity("restricted: procMount_restricted")],
  remediation: "Remove securityContext.procMount.",
  check: (pod) =>
    each(containersOf(pod), (container) => {
      const mount = container.at("securityContext", "procMount");
      return !mount.present || mount.is("Default")
        ? undefined
        : violation(mount, `${nameOf(container)} has procMount ${show(mount)}`);
    }),
};
