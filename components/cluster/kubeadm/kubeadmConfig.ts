/** kubeadm's configuration (API v1beta4), rendered per machine. */
import { stringify } from "yaml";
import type { MachinePlan } from "../../cloud/plan";
import type { Pool } from "../../../stacks/site/site";
import type { ClusterPlan } from "./clusterPlan";
import { API_SERVER_PORT } from "../../kubernetes/ports";
import { apiEndpoint, nodeMarks } from "./clusterPlan";
import { CONTROL_PLANE_FILES } from "./controlPlaneFiles";
import { kubeletConfiguration, kubeProxyConfiguration } from "./nodeConfig";

const API_VERSION = "kubeadm.k8s.io/v1beta4";
/** An image may bring kubeadm patches for peculiarities of its own, e.g. another cgroup driver. */
export const PATCHES_DIRECTORY = "/etc/kubernetes/patches";
const CRI_SOCKET = "unix:///run/containerd/containerd.sock";

type Arg = { name: string; value: string };

/** Flags as kubeadm v1beta4 wants them. */
function args(flags: Record<string, string>): Arg[] {
  return Object.entries(flags).map(([name, value]) => ({ name, value }));
}

function documents(...parts: object[]): string {
  return parts.map((part) => stringify(part, { lineWidth: 0 })).join("---\n");
}

/** How a machine registers its node. */
export function nodeRegistration(plan: ClusterPlan, machine: MachinePlan, pool: Pool) {
  const { labels, taints } = nodeMarks(plan, machine, pool);
  const { reservedMemoryMb = 0 } = plan.additions(machine, pool);
  const { cpuMilli, memoryMb } = plan.kubeadm.reserved.system;
  return {
    name: machine.name,
    criSocket: CRI_SOCKET,
    imagePullPolicy: "IfNotPresent",
    taints,
    kubeletExtraArgs: args({
      "node-ip": machine.address,
      "node-labels": Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
      // The cluster's kubelet configuration is the same for all nodes; a flag wins over it.
      ...(reservedMemoryMb === 0
        ? {}
        : { "system-reserved": `cpu=${cpuMilli}m,memory=${memoryMb + reservedMemoryMb}Mi` }),
    }),
  };
}

/** Configuration of `kubeadm init` on the first control-plane machine. */
export function initConfiguration(plan: ClusterPlan, machine: MachinePlan, pool: Pool): string {
  return documents(
    {
      apiVersion: API_VERSION,
      kind: "InitConfiguration",
      // The pools' own tokens are objects of the program; this one only keeps kubeadm from making one that lasts a day.
      bootstrapTokens: [{ ttl: "1m0s", description: "spent at init", usages: ["authentication"] }],
      localAPIEndpoint: { advertiseAddress: machine.address, bindPort: API_SERVER_PORT },
      nodeRegistration: nodeRegistration(plan, machine, pool),
      patches: { directory: PATCHES_DIRECTORY },
    },
    clusterConfiguration(plan),
    kubeletConfiguration(plan),
    kubeProxyConfiguration(plan),
  );
}

/** Configuration of `kubeadm join`; control-plane machines carry the CAs already, so they need no certificate key. */
export function joinConfiguration(
  plan: ClusterPlan,
  machine: MachinePlan,
  pool: Pool,
  token: string,
  caHash: string,
): string {
  return documents({
    apiVersion: API_VERSION,
    kind: "JoinConfiguration",
    discovery: {
      bootstrapToken: { apiServerEndpoint: apiEndpoint(plan), token, caCertHashes: [caHash] },
      tlsBootstrapToken: token,
    },
    nodeRegistration: nodeRegistration(plan, machine, pool),
    ...(machine.role === "control-plane"
      ? { controlPlane: { localAPIEndpoint: { advertiseAddress: machine.address, bindPort: API_SERVER_PORT } } }
      : {}),
    patches: { directory: PATCHES_DIRECTORY },
  });
}

function clusterConfiguration(plan: ClusterPlan) {
  const { kubeadm, network } = plan;
  const file = (name: keyof typeof CONTROL_PLANE_FILES, readOnly = true) => ({
    name,
    hostPath: CONTROL_PLANE_FILES[name],
    mountPath: CONTROL_PLANE_FILES[name],
    readOnly,
    pathType: name === "audit-log" ? "DirectoryOrCreate" : "File",
  });
  return {
    apiVersion: API_VERSION,
    kind: "ClusterConfiguration",
    clusterName: plan.name,
    kubernetesVersion: `v${kubeadm.kubernetes}`,
    controlPlaneEndpoint: apiEndpoint(plan),
    encryptionAlgorithm: "ECDSA-P256",
    ...(plan.registryPrefix === undefined ? {} : { imageRepository: plan.registryPrefix }),
    networking: {
      podSubnet: network.podCidr,
      serviceSubnet: network.serviceCidr,
      dnsDomain: "cluster.local",
    },
    apiServer: {
      certSANs: [...new Set([plan.apiAddress, plan.publicAddress, "127.0.0.1"])],
      extraArgs: args({
        "admission-control-config-file": CONTROL_PLANE_FILES["admission-config"],
        "audit-log-maxage": String(kubeadm.auditMaxAgeDays),
        // 100 files of 100 MB: 10 GB at most, half the disk of a small control plane.
        "audit-log-maxbackup": "100",
        "audit-log-maxsize": "100",
        "audit-log-path": `${CONTROL_PLANE_FILES["audit-log"]}/audit.log`,
        "audit-policy-file": CONTROL_PLANE_FILES["audit-policy"],
        "encryption-provider-config": CONTROL_PLANE_FILES["encryption-config"],
        profiling: "false",
      }),
      extraVolumes: [
        file("admission-config"),
        file("audit-policy"),
        file("encryption-config"),
        file("audit-log", false),
      ],
    },
    controllerManager: {
      // 20 requests a second, the default, is the limit of a Job with hundreds of pods (12 s for 250, our measurement).
      extraArgs: args({ "kube-api-qps": "100", "kube-api-burst": "200", profiling: "false" }),
    },
    scheduler: {
      extraArgs: args({ config: CONTROL_PLANE_FILES["scheduler-config"] }),
      extraVolumes: [file("scheduler-config")],
    },
  };
}
