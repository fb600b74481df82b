/** Pods of the node plugin of cvmfs-csi 2.5.2, as a plain value: who mounts, where, with which rights, and why. */
import type { CsiCvmfs } from "../../../stacks/site/site";
import { imageReference, versions } from "../../../versions";
import { CONFINED } from "../../kubernetes/securityContext";
import type { SiteContext } from "../../cluster/siteContext";
import { CACHE_BASE } from "../clientConfig";
import { CSI_DRIVER, CVMFS_ROOT } from "../names";
import { NODE_PLUGIN_REQUESTS } from "../requests";
import { CONFIG_MAPS, DEFAULTS_FILE } from "./configuration";
import { kubernetesRequests } from "../../kubernetes/resources";

/** Host directory where the automounter's tree is; no emptyDir: the kubelet's walks would keep every mount alive. */
const AUTOFS_ROOT = "/var/cvmfs";

/** Where the runners of the driver meet inside the pod. */
const METADATA = "/var/lib/cvmfs.csi.cern.ch";
const SINGLEMOUNT_SOCKET = `unix://${METADATA}/singlemount-runner.sock`;

/** Seconds the plugin waits for the automounter before it starts anew. */
const AUTOMOUNT_START_SECONDS = 10;

/**
 * Shares of the containers in the pod's request; together they are what the capacity arithmetic reckons with. Memory has no
 * limit where clients run: one that is killed breaks the mounts of every job on the node.
 */
const REQUESTS = {
  registrar: { cpuMilli: 10, memoryMb: 16 },
  nodeplugin: { cpuMilli: 20, memoryMb: 32 },
  automount: {
    cpuMilli: NODE_PLUGIN_REQUESTS.cpuMilli - 50,
    memoryMb: NODE_PLUGIN_REQUESTS.memoryMb - 96,
  },
  reconciler: { cpuMilli: 10, memoryMb: 24 },
  singlemount: { cpuMilli: 10, memoryMb: 24 },
} as const;

interface Mount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
  readonly mountPropagation?: "Bidirectional";
}

/** Clients mount and unmount for the whole node, which takes all rights there are. */
const PRIVILEGED = { privileged: true, allowPrivilegeEscalation: true, capabilities: { add: ["SYS_ADMIN"] } };

const HOST: Mount[] = [
  { name: "host-sys", mountPath: "/sys" },
  { name: "lib-modules", mountPath: "/lib/modules", readOnly: true },
  { name: "host-dev", mountPath: "/dev" },
];
const AUTOFS: Mount = { name: "autofs-root", mountPath: CVMFS_ROOT, mountPropagation: "Bidirectional" };
const METADATA_MOUNT: Mount = { name: "runtime-metadata", mountPath: METADATA };
/** Never the whole of /etc/cvmfs: that would hide the client's own defaults. */
const CLIENT_CONFIG: Mount[] = [
  { name: "default-local", mountPath: "/etc/cvmfs/default.local", subPath: "default.local", readOnly: true },
  { name: "config-d", mountPath: "/etc/cvmfs/config.d", readOnly: true },
  {
    name: "default-d",
    mountPath: `/etc/cvmfs/default.d/${DEFAULTS_FILE}`,
    subPath: DEFAULTS_FILE,
    readOnly: true,
  },
];

/** The pod's spec but for its ServiceAccount. */
export function nodePluginPod({ site, capabilities }: Pick<SiteContext, "site" | "capabilities">, cvmfs: CsiCvmfs) {
  const { registryPrefix } = site;
  const { kubeletDirectory } = cvmfs;
  const kubelet: Mount[] = [
    { name: "plugins-dir", mountPath: `${kubeletDirectory}/plugins`, mountPropagation: "Bidirectional" },
    // At the kubelet's own path inside as well: it is by that path that the driver is told where to mount.
    { name: "pods-dir", mountPath: `${kubeletDirectory}/pods`, mountPropagation: "Bidirectional" },
  ];
  const localCache: Mount = { name: "local-cache", mountPath: CACHE_BASE.csi };
  const singleCache: Mount = { name: "singlemount-cache", mountPath: CACHE_BASE.csi };
  return {
    // The automounter tells its own processes from those it serves by their numbers on the host.
    hostPID: true,
    nodeSelector: capabilities.jobNodes,
    // Every batch node, whatever taint it has, that of missing CVMFS first of all: only this pod can fix it.
    tolerations: [{ operator: "Exists" }],
    priorityClassName: "system-node-critical",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      registrar(registryPrefix, kubeletDirectory),
      driver(registryPrefix, "nodeplugin", REQUESTS.nodeplugin, {
        command: ["/csi-cvmfsplugin"],
        args: [
          "--nodeid=$(NODE_ID)",
          `--endpoint=unix://${socketDirectory(kubeletDirectory)}/csi.sock`,
          `--drivername=${CSI_DRIVER}`,
          "--role=identity,node",
          `--automount-startup-timeout=${AUTOMOUNT_START_SECONDS}`,
          `--singlemount-runner-endpoint=${SINGLEMOUNT_SOCKET}`,
        ],
        env: [{ name: "NODE_ID", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
        volumeMounts: [...kubelet, METADATA_MOUNT, ...HOST, AUTOFS],
      }),
      driver(registryPrefix, "automount", REQUESTS.automount, {
        command: ["/automount-runner"],
        args: [`--unmount-timeout=${cvmfs.unmountSeconds}`, "--has-alien-cache=false"],
        volumeMounts: [...HOST, AUTOFS, localCache, ...CLIENT_CONFIG],
      }),
      driver(registryPrefix, "automount-reconciler", REQUESTS.reconciler, {
        command: ["/automount-reconciler"],
        args: ["--period=30s"],
        volumeMounts: [AUTOFS, localCache, ...CLIENT_CONFIG],
      }),
      // For volumes with a client configuration of their own; its cache is apart, since the automounter empties the other.
      driver(registryPrefix, "singlemount", REQUESTS.singlemount, {
        command: ["/singlemount-runner"],
        args: [`--endpoint=${SINGLEMOUNT_SOCKET}`],
        volumeMounts: [...kubelet, METADATA_MOUNT, ...HOST, singleCache, ...CLIENT_CONFIG],
      }),
    ],
    volumes: [
      hostPath("socket-dir", socketDirectory(kubeletDirectory), "DirectoryOrCreate"),
      hostPath("registration-dir", `${kubeletDirectory}/plugins_registry`, "DirectoryOrCreate"),
      hostPath("plugins-dir", `${kubeletDirectory}/plugins`, "DirectoryOrCreate"),
      hostPath("pods-dir", `${kubeletDirectory}/pods`, "Directory"),
      hostPath("host-sys", "/sys", "Directory"),
      hostPath("lib-modules", "/lib/modules", "DirectoryOrCreate"),
      hostPath("host-dev", "/dev", "Directory"),
      hostPath("autofs-root", AUTOFS_ROOT, "DirectoryOrCreate"),
      hostPath("local-cache", cvmfs.cacheDirectory, "DirectoryOrCreate"),
      { name: "runtime-metadata", emptyDir: {} },
      { name: "singlemount-cache", emptyDir: {} },
      { name: "default-local", configMap: { name: CONFIG_MAPS.defaultLocal } },
      { name: "config-d", configMap: { name: CONFIG_MAPS.repositories } },
      { name: "default-d", configMap: { name: CONFIG_MAPS.defaults } },
    ],
  };
}

function socketDirectory(kubeletDirectory: string): string {
  return `${kubeletDirectory}/plugins/${CSI_DRIVER}`;
}

function hostPath(name: string, path: string, type: "Directory" | "DirectoryOrCreate") {
  return { name, hostPath: { path, type } };
}

/** One program of the driver's image. None has a liveness probe: to start a client anew breaks what it has mounted. */
function driver<Rest extends object>(
  registryPrefix: string | undefined,
  name: string,
  requests: { readonly cpuMilli: number; readonly memoryMb: number },
  rest: Rest,
) {
  return {
    name,
    image: imageReference(versions.images.cvmfsCsi, registryPrefix),
    securityContext: PRIVILEGED,
    resources: { requests: kubernetesRequests(requests) },
    ...rest,
  };
}

/** Tells the kubelet of the driver; it mounts nothing, so it may be started anew when the kubelet lost sight of it. */
function registrar(registryPrefix: string | undefined, kubeletDirectory: string) {
  const registered = `--kubelet-registration-path=${socketDirectory(kubeletDirectory)}/csi.sock`;
  return {
    name: "registrar",
    image: imageReference(versions.images.csiNodeDriverRegistrar, registryPrefix),
    args: ["--csi-address=/csi/csi.sock", registered],
    securityContext: CONFINED,
    livenessProbe: {
      exec: { command: ["/csi-node-driver-registrar", registered, "--mode=kubelet-registration-probe"] },
      initialDelaySeconds: 30,
      periodSeconds: 60,
      timeoutSeconds: 15,
    },
    resources: { requests: kubernetesRequests(REQUESTS.registrar), limits: { memory: "64Mi" } },
    volumeMounts: [
      { name: "socket-dir", mountPath: "/csi" },
      { name: "registration-dir", mountPath: "/registration" },
    ],
  };
}
