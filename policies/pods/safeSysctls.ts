import { podSecurity, nsa, kyverno, kubeLinter } from "../model/frameworks";
import { atLeast, show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

/** The safe ones, and the minor version of Kubernetes that first took them for safe. */
const SAFE_SINCE: Readonly<Record<string, number | undefined>> = {
  "kernel.shm_rmid_forced": 0,
  "net.ipv4.ip_local_port_range": 0,
  "net.ipv4.tcp_syncookies": 0,
  "net.ipv4.ping_group_range": 0,
  "net.ipv4.ip_unprivileged_port_start": 0,
  "net.ipv4.ip_local_reserved_ports": 27,
  "net.ipv4.tcp_keepalive_time": 29,
  "net.ipv4.tcp_fin_timeout": 29,
  "net.ipv4.tcp_keepalive_intvl": 29,
  "net.ipv4.tcp_keepalive_probes": 29,
  "net.ipv4.tcp_rmem": 32,
  "net.ipv4.tcp_wmem": 32,
  "net.ipv4.tcp_slow_start_after_idle": 37,
  "net.ipv4.tcp_notsent_lowat": 37,
};

/** A pod may set safe sysctls only. */
export const safeSysctls: PodPolicy = {
  kind: "pod",
  name: "safe-sysctls",
  title: "Only sysctls that stay inside the pod",
  why: "Other sysctls change the node for everybody on it.",
  level: "mandatory",
  severity: "high",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: sysctls"),
    kyverno("restrict-sysctls"),
    kubeLinter("unsafe-sysctls"),
    nsa("C-0055"),
  ],
  remediation: "Remove the sysctl from securityContext.sysctls; what the node needs belongs in its user data.",
  check: (pod, settings) =>
    each(pod.spec.at("securityContext", "sysctls").items, (sysctl) => {
      const name = sysctl.at("name");
      const since = SAFE_SINCE[name.text ?? ""];
      return since !== undefined && atLeast(settings, since)
        ? undefined
        : violation(
            name,
            `sysctl ${show(name)} is not among the safe ones of Kubernetes ${settings.podSecurityVersion}`,
          );
    }),
};
