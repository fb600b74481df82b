import { podSecurity, cis, nsa, kyverno, polaris, kubesec } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";

/** What container runtimes give by default, without NET_RAW; exactly these spellings. */
const HARMLESS: ReadonlySet<unknown> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

/** No container may add a capability that the runtime does not give anyway. */
export const noDangerousCapabilities: PodPolicy = {
  kind: "pod",
  name: "no-dangerous-capabilities",
  title: "No capability beyond the runtime's own",
  why: "SYS_ADMIN, NET_ADMIN, SYS_PTRACE and the like are ways out of the container; NET_RAW is a way to others' packets.",
  level: "mandatory",
  severity: "critical",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: capabilities_baseline"),
    cis("5.2.8, 5.2.9"),
    nsa("C-0046"),
    kyverno("disallow-capabilities"),
    polaris("dangerousCapabilities"),
    kubesec("CapSysAdmin"),
  ],
  remediation: "Take the capability out of securityContext.capabilities.add.",
  check: (pod) =>
    each(
      containersOf(pod).flatMap((container) =>
        container.at("securityContext", "capabilities", "add").items.map((capability) => ({ container, capability })),
      ),
      ({ container, capability }) =>
        HARMLESS.has(capability.value)
          ? undefined
          : violation(capability, `${nameOf(container)} adds ${show(capability)}`),
    ),
};
