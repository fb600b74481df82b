/** Pods that break one admission rule each, and pods that come close to it and do not. */
import { allowed, IMAGE_PATH, refused, type Case, type Change, type Spec } from "./admissionCase";
import { hostCases, privilegeCases } from "./admissionNodeCases";

const volume = (source: Spec, mount?: Spec): Change => ({
  pod: { volumes: [{ name: "v", ...source }] },
  ...(mount === undefined ? {} : { container: { volumeMounts: [{ name: "v", mountPath: "/v", ...mount }] } }),
});
const toleration = (more: Spec): Change => ({ pod: { tolerations: [more] } });
const request = (requests: Spec): Change => ({ container: { resources: { requests } } });
const place: Case[] = [
  refused("allowed-images", "another registry", { container: { image: "docker.io/library/busybox:1" } }),
  refused("allowed-images", "no registry", { container: { image: "atlas/grid-el9:1" } }),
  refused("allowed-images", "a registry whose name begins alike", {
    container: { image: `${IMAGE_PATH}-not/grid-el9:1` },
  }),
  allowed("allowed-images", "by digest", { container: { image: `${IMAGE_PATH}/x/y@sha256:${"0".repeat(64)}` } }),
  refused("default-service-account", "another account", { pod: { serviceAccountName: "builder" } }),
  refused("default-service-account", "another account by its old field", { pod: { serviceAccount: "builder" } }),
  allowed("default-service-account", "default", { pod: { serviceAccountName: "default" } }),
  refused("no-api-token", "a token of the account", { pod: { automountServiceAccountToken: true } }),
  refused(
    "no-api-token",
    "a token as a volume",
    volume({ projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }),
  ),
  allowed("no-api-token", "another projection", volume({ projected: { sources: [{ configMap: { name: "c" } }] } })),
  refused("no-node-name", "a node by name", { pod: { nodeName: "worker-1" } }),
  allowed("no-node-name", "a node by label", { pod: { nodeSelector: { "atlas-site/pool": "batch" } } }),
  refused(
    "no-closed-node",
    "the control plane's taint",
    toleration({ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }),
  ),
  refused(
    "no-closed-node",
    "CVMFS' taint",
    toleration({ key: "site/cvmfs-unready", operator: "Exists", effect: "NoSchedule" }),
  ),
  refused("no-closed-node", "every taint", toleration({ operator: "Exists" })),
  refused(
    "no-closed-node",
    "a taint of the services' pool",
    toleration({ key: "site.example/services", operator: "Exists" }),
  ),
  allowed("no-closed-node", "a taint of the batch pool", toleration({ key: "site.example/batch", operator: "Exists" })),
  refused("queue-pool", "no pool", { pod: { nodeSelector: {} } }),
  refused("queue-pool", "the services' pool", { pod: { nodeSelector: { "atlas-site/pool": "services" } } }),
  allowed("queue-pool", "one node of the pool", {
    pod: { nodeSelector: { "atlas-site/pool": "batch", "kubernetes.io/hostname": "batch-0" } },
  }),
  refused("fits-a-node", "more cores than a machine has", request({ cpu: "9" }), { notEphemeral: true }),
  refused("fits-a-node", "more memory than a machine has", request({ memory: "2Ti" }), { notEphemeral: true }),
  allowed("fits-a-node", "the largest job", request({ cpu: "7200m", memory: "14000Mi" }), { notEphemeral: true }),
  refused("small-job", "variables of 20 kB", {
    container: { env: Array.from({ length: 20 }, (_, i) => ({ name: `V${i}`, value: "x".repeat(1000) })) },
  }),
  refused("small-job", "an argument of 20 kB", { container: { args: ["x".repeat(20_000)] } }),
  allowed("small-job", "variables of 10 kB", {
    container: { env: Array.from({ length: 10 }, (_, i) => ({ name: `V${i}`, value: "x".repeat(1000) })) },
  }),
  refused("no-service-priority", "Kubernetes' own", { pod: { priorityClassName: "system-node-critical" } }),
  refused("no-service-priority", "the site's services'", { pod: { priorityClassName: "atlas-site-infrastructure" } }),
  allowed("no-service-priority", "the jobs'", { pod: { priorityClassName: "atlas-site-jobs" } }),
];

const anyVolume: Case[] = [
  refused("volume-types", "NFS", volume({ nfs: { server: "s", path: "/" } })),
  refused("volume-types", "a CSI volume written into the pod", volume({ csi: { driver: "cvmfs.csi.cern.ch" } })),
  refused(
    "volume-types",
    "a claim made with the pod",
    volume({
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
      },
    }),
  ),
  refused("volume-types", "an image", volume({ image: { reference: `${IMAGE_PATH}/data:1` } })),
  allowed("volume-types", "scratch, secret and claim", {
    pod: {
      volumes: [
        { name: "a", emptyDir: {} },
        { name: "b", secret: { secretName: "proxy-secret", defaultMode: 0o400 } },
        { name: "c", persistentVolumeClaim: { claimName: "cvmfs", readOnly: true } },
      ],
    },
  }),
  refused(
    "no-mount-into-the-node",
    "Bidirectional",
    {
      ...volume({ emptyDir: {} }, { mountPropagation: "Bidirectional" }),
      security: { privileged: true, allowPrivilegeEscalation: undefined },
    },
    { also: ["no-privileged-container", "no-privilege-escalation"] },
  ),
];

const hostVolume = (path: string, mount: Spec, more: Spec = {}): Change =>
  volume({ hostPath: { path, ...more } }, mount);
const READ = { readOnly: true };

/** Cases of a site whose CVMFS is on the hosts. */
export const hostSiteCases: readonly Case[] = [
  ...hostCases,
  ...privilegeCases,
  ...place,
  ...anyVolume,
  refused("host-path-cvmfs-only", "the node's root", hostVolume("/", READ)),
  refused("host-path-cvmfs-only", "a directory whose name begins alike", hostVolume("/cvmfsx", READ)),
  allowed(
    "host-path-cvmfs-only",
    "a repository, as UVic mounts it",
    hostVolume("/cvmfs/atlas.cern.ch/repo", READ, { type: "Directory" }),
  ),
  refused(
    "host-path-cvmfs-only",
    "the root of an unpacked image, which may be a link to the node's root",
    hostVolume("/cvmfs/unpacked.cern.ch/img/root", READ),
  ),
  refused("host-path-cvmfs-only", "a directory below ATLAS' own", hostVolume("/cvmfs/atlas.cern.ch/repo/sw", READ)),
  refused("host-path-cvmfs-only", "that directory of another's", hostVolume("/cvmfs/grid.cern.ch/repo", READ)),
  refused("host-path-cvmfs-only", "a hidden name", hostVolume("/cvmfs/.x", READ)),
  allowed("host-path-cvmfs-only", "one repository", hostVolume("/cvmfs/unpacked.cern.ch", READ)),
  allowed(
    "host-path-cvmfs-only",
    "all of it, with later mounts",
    hostVolume("/cvmfs", { ...READ, mountPropagation: "HostToContainer" }),
  ),
  refused(
    "host-path-makes-nothing",
    "DirectoryOrCreate",
    hostVolume("/cvmfs/x.cern.ch", READ, { type: "DirectoryOrCreate" }),
  ),
  refused("host-path-read-only", "a mount that says nothing", hostVolume("/cvmfs", {})),
  refused("host-path-read-only", "a second mount of the same volume, writable", {
    pod: { volumes: [{ name: "v", hostPath: { path: "/cvmfs" } }] },
    container: {
      volumeMounts: [
        { name: "v", mountPath: "/a", readOnly: true },
        { name: "v", mountPath: "/b" },
      ],
    },
  }),
];

/** Cases of a site without CVMFS on the hosts, beside those of every site. */
export const claimSiteCases: readonly Case[] = [
  refused("no-host-path", "/cvmfs of the host", hostVolume("/cvmfs", READ)),
  allowed(
    "no-host-path",
    "CVMFS by its claim",
    volume(
      { persistentVolumeClaim: { claimName: "cvmfs", readOnly: true } },
      { ...READ, mountPropagation: "HostToContainer" },
    ),
  ),
];
