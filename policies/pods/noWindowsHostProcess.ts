import { podSecurity, cis, kyverno, polaris } from "../model/frameworks";
import { securityContexts } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

/** No pod or container may be a Windows host process. */
export const noWindowsHostProcess: PodPolicy = {
  kind: "pod",
  name: "no-windows-host-process",
  title: "No host process on Windows",
  why: "It is what a privileged container is on Linux.",
  level: "mandatory",
  severity: "critical",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: windowsHostProcess"),
    cis("5.2.10"),
    kyverno("disallow-host-process"),
    polaris("hostProcess"),
  ],
  remediation: "Remove securityContext.windowsOptions.hostProcess.",
  check: (pod) =>
    each(securityContexts(pod), ({ of, context }) => {
      const hostProcess = context.at("windowsOptions", "hostProcess");
      return hostProcess.is(true) ? violation(hostProcess, `${of} is a host process`) : undefined;
    }),
};
