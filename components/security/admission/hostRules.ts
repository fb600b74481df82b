/** Rules that keep a pod out of its node: Baseline's, less its ban of every hostPath (volumeRules.ts has that one). */
import { celList, type Rule } from "./rule";

/** Probes and hooks that may name a host to connect to. */
const CALLERS = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.?postStart", "lifecycle.?preStop"];

const hostsOfCallers = CALLERS.flatMap((caller) =>
  ["httpGet", "tcpSocket"].map((action) => `c.?${caller}.?${action}.?host.orValue('')`),
);

/** Kernel settings that Kubernetes counts as safe: they touch nothing but the pod (Pod Security Standards v1.36). */
const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

/** The rules, the same for every site. */
export const hostRules: readonly Rule[] = [
  {
    name: "no-privileged-container",
    standard: "baseline",
    container: "!c.?securityContext.?privileged.orValue(false)",
    fields: ["containers[*].securityContext.privileged"],
    advice: "remove it or set it to false; CVMFS and apptainer work without it on this site",
    why: "A privileged container is root on the node.",
  },
  {
    name: "no-host-namespaces",
    standard: "baseline",
    pod: ["hostNetwork", "hostPID", "hostIPC"].map((field) => `!variables.pod.?${field}.orValue(false)`).join(" && "),
    fields: ["hostNetwork", "hostPID", "hostIPC"],
    advice: "remove them or set them to false",
    why: "The node's network knows no NetworkPolicy and reaches the metadata service; its process list shows other jobs.",
  },
  {
    name: "no-host-ports",
    standard: "baseline",
    container: "c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0)",
    fields: ["containers[*].ports[*].hostPort"],
    advice: "remove it; nothing connects to a job",
    why: "A port of the node is open to the machine network.",
  },
  {
    name: "no-host-in-probes",
    standard: "baseline",
    container: `[${hostsOfCallers.join(", ")}].all(host, host == '')`,
    fields: ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"].map(
      (caller) => `containers[*].${caller}.*.host`,
    ),
    advice: "remove the host, so that the pod itself is asked",
    why: "The kubelet would connect, from the node, to wherever the submitter likes.",
  },
  {
    name: "no-windows-host-process",
    standard: "baseline",
    pod: "!variables.pod.?securityContext.?windowsOptions.?hostProcess.orValue(false)",
    container: "!c.?securityContext.?windowsOptions.?hostProcess.orValue(false)",
    fields: ["securityContext.windowsOptions.hostProcess"],
    advice: "remove it",
    why: "It is Windows' word for privileged.",
  },
  {
    name: "safe-sysctls",
    standard: "baseline",
    pod: `variables.pod.?securityContext.?sysctls.orValue([]).all(s, s.name in ${celList(SAFE_SYSCTLS)})`,
    fields: ["securityContext.sysctls[*].name"],
    advice: `use only ${SAFE_SYSCTLS.join(", ")}`,
    why: "Other kernel settings act on the whole node.",
  },
];
