/** Cases of the rules that keep a pod out of its node, and of those on what its processes may become. */
import { allowed, refused, type Case, type Change, type Spec } from "./admissionCase";

const podSecurity = (more: Spec): Change => ({
  pod: { securityContext: { runAsUser: 10_000, runAsGroup: 10_000, ...more } },
});
const probe = (more: Spec): Spec => ({ livenessProbe: { httpGet: { port: 80, ...more } } });

/** Cases of hostRules.ts. */
export const hostCases: readonly Case[] = [
  refused(
    "no-privileged-container",
    "privileged",
    { security: { privileged: true, allowPrivilegeEscalation: undefined } },
    { also: ["no-privilege-escalation"] },
  ),
  allowed("no-privileged-container", "privileged said to be false", { security: { privileged: false } }),
  refused("no-host-namespaces", "hostNetwork", { pod: { hostNetwork: true } }),
  refused("no-host-namespaces", "hostPID", { pod: { hostPID: true } }),
  refused("no-host-namespaces", "hostIPC", { pod: { hostIPC: true } }),
  refused(
    "no-host-ports",
    "a host port",
    { container: { ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] } },
    { notEphemeral: true },
  ),
  allowed(
    "no-host-ports",
    "a container port",
    { container: { ports: [{ containerPort: 80 }] } },
    { notEphemeral: true },
  ),
  refused(
    "no-host-in-probes",
    "a probe of another host",
    { container: probe({ host: "192.0.2.1" }) },
    { notEphemeral: true },
  ),
  refused(
    "no-host-in-probes",
    "a hook that calls another host",
    { container: { lifecycle: { preStop: { httpGet: { port: 80, host: "192.0.2.1" } } } } },
    { notEphemeral: true },
  ),
  allowed("no-host-in-probes", "a probe of the pod", { container: probe({}) }, { notEphemeral: true }),
  refused(
    "no-windows-host-process",
    "hostProcess, with what Windows asks for",
    {
      pod: {
        hostNetwork: true,
        os: { name: "windows" },
        securityContext: { runAsNonRoot: true, windowsOptions: { hostProcess: true } },
      },
      container: { securityContext: { windowsOptions: { hostProcess: true } } },
    },
    { also: ["no-host-namespaces", "no-privilege-escalation", "no-root-group"] },
  ),
  refused("safe-sysctls", "a setting of the node", podSecurity({ sysctls: [{ name: "kernel.msgmax", value: "1" }] })),
  allowed(
    "safe-sysctls",
    "a setting of the pod",
    podSecurity({ sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] }),
  ),
];

/** Cases of privilegeRules.ts. */
export const privilegeCases: readonly Case[] = [
  refused("no-privilege-escalation", "nothing said", { security: { allowPrivilegeEscalation: undefined } }),
  refused("no-privilege-escalation", "true", { security: { allowPrivilegeEscalation: true } }),
  refused("not-root", "user 0 for the pod", { ...podSecurity({ runAsUser: 0 }), security: { runAsUser: 1 } }),
  refused("not-root", "user 0 for the container", { security: { runAsUser: 0 } }),
  refused("not-root", "no user and no runAsNonRoot", podSecurity({ runAsUser: undefined })),
  refused("not-root", "the container takes runAsNonRoot back", {
    ...podSecurity({ runAsUser: undefined, runAsNonRoot: true }),
    security: { runAsNonRoot: false },
  }),
  allowed("not-root", "runAsNonRoot alone", podSecurity({ runAsUser: undefined, runAsNonRoot: true })),
  allowed("not-root", "a user for the container alone", {
    ...podSecurity({ runAsUser: undefined }),
    security: { runAsUser: 10_000 },
  }),
  refused("no-root-group", "group 0 for the pod", { ...podSecurity({ runAsGroup: 0 }), security: { runAsGroup: 1 } }),
  refused("no-root-group", "group 0 for the container", { security: { runAsGroup: 0 } }),
  refused("no-root-group", "no group, which leaves it to the image", podSecurity({ runAsGroup: undefined })),
  refused("no-root-group", "group 0 for its volumes", podSecurity({ fsGroup: 0 })),
  refused("no-root-group", "group 0 beside another", podSecurity({ supplementalGroups: [1_000, 0] })),
  allowed("no-root-group", "a group for the container alone", {
    ...podSecurity({ runAsGroup: undefined }),
    security: { runAsGroup: 10_000 },
  }),
  allowed("no-root-group", "other groups everywhere", podSecurity({ fsGroup: 1, supplementalGroups: [1_000] })),
  refused(
    "baseline-capabilities",
    "SYS_ADMIN",
    { security: { allowPrivilegeEscalation: undefined, capabilities: { add: ["SYS_ADMIN"] } } },
    { also: ["no-privilege-escalation"] },
  ),
  refused("baseline-capabilities", "NET_RAW", { security: { capabilities: { add: ["NET_RAW"] } } }),
  allowed("baseline-capabilities", "one of Baseline's", { security: { capabilities: { add: ["CHOWN"] } } }),
  refused("seccomp-confined", "Unconfined for the pod", podSecurity({ seccompProfile: { type: "Unconfined" } })),
  refused("seccomp-confined", "Unconfined for the container", { security: { seccompProfile: { type: "Unconfined" } } }),
  allowed("seccomp-confined", "a profile of the node", {
    security: { seccompProfile: { type: "Localhost", localhostProfile: "p.json" } },
  }),
  refused("apparmor-confined", "Unconfined for the container", {
    security: { appArmorProfile: { type: "Unconfined" } },
  }),
  refused("apparmor-confined", "Unconfined for the pod", podSecurity({ appArmorProfile: { type: "Unconfined" } })),
  allowed("apparmor-confined", "the runtime's", { security: { appArmorProfile: { type: "RuntimeDefault" } } }),
  refused("selinux-container-type", "another type", { security: { seLinuxOptions: { type: "spc_t" } } }),
  refused("selinux-container-type", "a user", podSecurity({ seLinuxOptions: { user: "system_u" } })),
  refused("selinux-container-type", "a role", podSecurity({ seLinuxOptions: { role: "r" } })),
  allowed("selinux-container-type", "a container's type and a level", {
    security: { seLinuxOptions: { type: "container_t", level: "s0:c1" } },
  }),
];
