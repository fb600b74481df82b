/** The pod of node-exporter, as plain values: what it looks at, and how it is kept to looking. */
import { imageReference, versions } from "../../versions";
import { NODE_METRICS_PORT } from "./names";
import { CONFINED, unprivileged, NOBODY } from "../kubernetes/securityContext";
import { kubernetesRequests, type Resources } from "../kubernetes/resources";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";

/** Name of the DaemonSet, its ServiceAccount and its pods' label. */
export const NODE_EXPORTER = "node-exporter";

/**
 * Measured: 21 MiB, and 5 ms of a core for each scrape. Of eight cores an 8-core job at 90 % leaves 0.8 to all daemons and
 * reservations: a daemon that requests more than it uses costs a site its largest jobs.
 */
export const NODE_EXPORTER_REQUESTS: Resources = { cpuMilli: 20, memoryMb: 48 };

/** Where the machine's root is in the container. */
const HOST = "/host";

/** What a batch site asks of its machines; the other two thirds of the collectors are for other machines. */
const COLLECTORS = [
  "conntrack",
  "cpu",
  "diskstats",
  "filefd",
  "filesystem",
  "loadavg",
  "meminfo",
  "netdev",
  "pressure",
  "stat",
  "time",
  "timex",
  "uname",
  "vmstat",
];

/** Mounts of pods and runtimes come and go with jobs; a repository of CVMFS that hangs would hang whoever asks for its size. */
const NO_MOUNTS = "^/(cvmfs|dev|proc|run|sys|var/lib/containerd|var/lib/kubelet/(pods|plugins))($|/)";
const NO_FILE_SYSTEMS =
  "^(autofs|binfmt_misc|bpf|cgroup2?|debugfs|fuse.*|nsfs|overlay|proc|squashfs|sysfs|tmpfs|tracefs)$";

/** The pod: one on every machine, whatever taints it has. */
export function nodeExporterPod(registryPrefix: string | undefined) {
  return {
    // Network devices, processes and mounts are the machine's only where the pod shares these with it.
    hostNetwork: true,
    hostPID: true,
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ operator: "Exists" }],
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    serviceAccountName: NODE_EXPORTER,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: unprivileged(NOBODY),
    containers: [
      {
        name: NODE_EXPORTER,
        image: imageReference(versions.images.nodeExporter, registryPrefix),
        args: [
          // Not on loopback nor on addresses of the pod network, which the firewall does not see.
          `--web.listen-address=$(HOST_IP):${NODE_METRICS_PORT}`,
          "--web.disable-exporter-metrics",
          `--path.procfs=${HOST}/proc`,
          `--path.sysfs=${HOST}/sys`,
          `--path.rootfs=${HOST}`,
          "--collector.disable-defaults",
          ...COLLECTORS.map((collector) => `--collector.${collector}`),
          `--collector.filesystem.mount-points-exclude=${NO_MOUNTS}`,
          `--collector.filesystem.fs-types-exclude=${NO_FILE_SYSTEMS}`,
          "--collector.netdev.device-exclude=^(lo|veth.*|cali.*|lxc.*)$",
        ],
        env: [{ name: "HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.hostIP" } } }],
        ports: [{ name: "metrics", containerPort: NODE_METRICS_PORT }],
        readinessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 10 },
        livenessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 30, failureThreshold: 4 },
        resources: { requests: kubernetesRequests(NODE_EXPORTER_REQUESTS), limits: { memory: "128Mi" } },
        securityContext: CONFINED,
        volumeMounts: [{ name: "host", mountPath: HOST, readOnly: true, mountPropagation: "HostToContainer" }],
      },
    ],
    volumes: [{ name: "host", hostPath: { path: "/" } }],
  };
}
