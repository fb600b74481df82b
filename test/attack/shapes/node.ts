/** Jobs that reach for the node, or for more rights on it. */
import { accepted, refused, refusedByApi, type Changes, type JobShape } from "../shape";

/** A volume and its mount in the pilot. */
const mounted = (volume: object, mount: object = {}): Changes => ({
  "pod.volumes[+]": { name: "v", ...volume },
  "container.volumeMounts[+]": { name: "v", mountPath: "/v", ...mount },
});
const hostPath = (path: string, more: object = {}, mount: object = { readOnly: true }) =>
  mounted({ hostPath: { path, ...more } }, mount);
const probe = { exec: { command: ["true"] } };

/** The table. */
export const nodeShapes: readonly JobShape[] = [
  refused("no-privileged-container", "a privileged container", {
    "security.privileged": true,
    "security.allowPrivilegeEscalation": undefined,
  }),
  refused("no-host-namespaces", "the node's network", { "pod.hostNetwork": true }),
  refused("no-host-namespaces", "the node's processes", { "pod.hostPID": true }),
  refused("no-host-namespaces", "the node's IPC", { "pod.hostIPC": true }),
  refused("no-host-ports", "a port of the node", { "container.ports": [{ containerPort: 80, hostPort: 8080 }] }),
  refused("no-host-in-probes", "a probe of the metadata service", {
    "container.livenessProbe": { httpGet: { host: "169.254.169.254", port: 80 } },
  }),
  refused("no-host-in-probes", "a hook that calls the API server", {
    "container.lifecycle": { preStop: { httpGet: { host: "10.96.0.1", port: 443 } } },
  }),
  refused("safe-sysctls", "a kernel parameter of the node", {
    "pod.securityContext.sysctls": [{ name: "kernel.msgmax", value: "1" }],
  }),
  refused("known-fields-only", "a kernel parameter of the pod", {
    "pod.securityContext.sysctls": [{ name: "net.ipv4.tcp_syncookies", value: "1" }],
  }),
  refused("host-path-cvmfs-only", "the node's root", hostPath("/")),
  refused("host-path-cvmfs-only", "the kubelet's directory", hostPath("/var/lib/kubelet")),
  refused("host-path-cvmfs-only", "containerd's socket", hostPath("/run/containerd/containerd.sock")),
  refused("host-path-cvmfs-only", "a name that begins like /cvmfs", hostPath("/cvmfs-config")),
  refused("host-path-cvmfs-only", "a link inside a repository", hostPath("/cvmfs/unpacked.cern.ch/img/root")),
  refused("host-path-cvmfs-only", "a link inside an image tree", hostPath("/cvmfs/unpacked.cern.ch/x/var/run")),
  refusedByApi("a path with dots", hostPath("/cvmfs/../etc")),
  refused("host-path-cvmfs-only", "/cvmfs with a slash and nothing behind it, twice", hostPath("/cvmfs//etc")),
  refused("host-path-makes-nothing", "a directory that is made where it is missing", {
    ...hostPath("/cvmfs/x.cern.ch", { type: "DirectoryOrCreate" }),
  }),
  refused("host-path-makes-nothing", "a block device", hostPath("/cvmfs/x.cern.ch", { type: "BlockDevice" })),
  refused("host-path-read-only", "CVMFS, writable", hostPath("/cvmfs", { type: "Directory" }, {})),
  refused("known-fields-only", "a part of a volume", {
    ...hostPath("/cvmfs", {}, { readOnly: true, subPath: "unpacked.cern.ch/img/root" }),
  }),
  refused("known-fields-only", "a part of a volume by a variable", {
    ...hostPath("/cvmfs", {}, { readOnly: true, subPathExpr: "$(computingSite)" }),
  }),
  refused("known-fields-only", "a recursively read-only mount", {
    ...hostPath("/cvmfs", {}, { readOnly: true, mountPropagation: "None", recursiveReadOnly: "IfPossible" }),
  }),
  accepted("one repository of the node", hostPath("/cvmfs/sft.cern.ch", { type: "Directory" })),
  refused("volume-types", "NFS", mounted({ nfs: { server: "10.64.0.5", path: "/" } })),
  refused("volume-types", "iSCSI", mounted({ iscsi: { targetPortal: "10.64.0.5", iqn: "iqn.2001-04.x:y", lun: 0 } })),
  refused("volume-types", "a CSI driver named in the pod", mounted({ csi: { driver: "cvmfs.csi.cern.ch" } })),
  refused("volume-types", "an image as a volume", mounted({ image: { reference: "registry.k8s.io/pause:3.10" } })),
  refused("volume-types", "a claim that is made with the pod", {
    ...mounted({
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Ti" } } } },
      },
    }),
  }),
  refused("known-fields-only", "scratch in the node's memory", mounted({ emptyDir: { medium: "Memory" } })),
  accepted("scratch with a limit of its own", mounted({ emptyDir: { sizeLimit: "1Gi" } })),
  refused("known-fields-only", "a block device of a claim", {
    "pod.volumes[+]": { name: "v", persistentVolumeClaim: { claimName: "cvmfs", readOnly: true } },
    "container.volumeDevices": [{ name: "v", devicePath: "/dev/xvda" }],
  }),
  refused("no-privilege-escalation", "nothing said on privilege escalation", {
    "security.allowPrivilegeEscalation": undefined,
  }),
  refused("not-root", "user 0", { "pod.securityContext.runAsUser": 0, "pod.securityContext.runAsNonRoot": false }),
  refused("not-root", "user 0 for the container", { "security.runAsUser": 0, "security.runAsNonRoot": false }),
  refused("no-root-group", "group 0", { "pod.securityContext.runAsGroup": 0 }),
  refused("no-root-group", "group 0 for the container", { "security.runAsGroup": 0 }),
  refused("no-root-group", "group 0 for files", { "pod.securityContext.fsGroup": 0 }),
  refused("no-root-group", "group 0 beside others", { "pod.securityContext.supplementalGroups": [10, 0] }),
  refused("baseline-capabilities", "capability SYS_ADMIN without privilege escalation", {
    "security.capabilities.add": ["SYS_ADMIN"],
  }),
  refused("no-privilege-escalation", "capability SYS_ADMIN", {
    "security.capabilities.add": ["SYS_ADMIN"],
    "security.allowPrivilegeEscalation": undefined,
  }),
  refused("baseline-capabilities", "capability NET_RAW", { "security.capabilities.add": ["NET_RAW"] }),
  refused("known-fields-only", "a capability of Baseline", { "security.capabilities.add": ["CHOWN"] }),
  refused("seccomp-confined", "no filter on system calls", { "pod.securityContext.seccompProfile.type": "Unconfined" }),
  refused("known-fields-only", "a seccomp profile of the node", {
    "pod.securityContext.seccompProfile": { type: "Localhost", localhostProfile: "p.json" },
  }),
  refused("apparmor-confined", "no AppArmor", { "security.appArmorProfile": { type: "Unconfined" } }),
  refused("known-fields-only", "an AppArmor profile of the node", {
    "security.appArmorProfile": { type: "Localhost", localhostProfile: "p" },
  }),
  refused("apparmor-confined", "no AppArmor by its old annotation", {
    "template.metadata.annotations": { "container.apparmor.security.beta.kubernetes.io/job-container": "unconfined" },
  }),
  refused("selinux-container-type", "an SELinux type of the node", { "security.seLinuxOptions": { type: "spc_t" } }),
  refusedByApi("all of /proc", { "security.procMount": "Unmasked" }),
  refused("allowed-values", "all of /proc, for users of the pod's own", {
    "security.procMount": "Unmasked",
    "pod.hostUsers": false,
  }),
  accepted("users of the pod's own", { "pod.hostUsers": false }),
  refused("allowed-values", "the node's users, said aloud", { "pod.hostUsers": true }),
  refused("known-fields-only", "Windows' options", {
    "pod.securityContext.windowsOptions": { runAsUserName: "Administrator" },
  }),
  refused("no-privilege-escalation", "Windows", {
    "pod.os": { name: "windows" },
    "pod.securityContext": { runAsNonRoot: true },
    "container.securityContext": { runAsNonRoot: true },
  }),
  refused("known-fields-only", "a liveness probe", { "container.livenessProbe": probe }),
  refused("known-fields-only", "a readiness probe", { "container.readinessProbe": probe }),
  refused("known-fields-only", "a start-up probe", { "container.startupProbe": probe }),
  refused("known-fields-only", "a hook at the end", {
    "container.lifecycle": { preStop: { sleep: { seconds: 250 } } },
  }),
  refused("known-fields-only", "a port", { "container.ports": [{ containerPort: 80 }] }),
  accepted("a read-only root file system", { "security.readOnlyRootFilesystem": true }),
];
