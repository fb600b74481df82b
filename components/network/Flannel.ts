import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageReference, versions } from "../../versions";
import { FLANNEL_REQUESTS } from "./requests";
import { grant } from "../kubernetes/grant";
import { kubernetesRequests } from "../kubernetes/resources";
import { VXLAN_PORT } from "../kubernetes/ports";
import { labelsOf } from "../kubernetes/names";
import { narrowToOwnNode } from "../kubernetes/ownNode";
import { FLANNEL_NAMESPACE, FLANNEL_USER, flannelValidations } from "./flannelRights";
import { daemonSet } from "../kubernetes/workloads";

/** What `Flannel` is made from. */
export interface FlannelArgs {
  /** Pod addresses of the whole cluster; every node takes a /24 of them. */
  podCidr: string;
  /** Mirror of all images; undefined: their own registries. */
  registryPrefix?: string;
}

/** Of the daemon's health answers, on the host's own network. */
const HEALTH_PORT = 8081;
const LABELS = labelsOf("flannel");

/** The conflist flannel puts on every node: its own plugin, and host ports, which nothing of ours uses but admins expect. */
const CNI_CONFIG = {
  name: "cbr0",
  cniVersion: "1.0.0",
  plugins: [
    { type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
};

/**
 * The conflist makes a node Ready, so it must not be there before flanneld has the node's subnet: a pod that comes in
 * between fails to get its network, and the kubelet tries again only 12 s later (our measurement).
 */
const INSTALL_CONFIG_WHEN_READY =
  "until [ -s /run/flannel/subnet.env ]; do sleep 0.2; done; " +
  "exec /opt/bin/install-conf /etc/kube-flannel/cni-conf.json /etc/cni/net.d/10-flannel.conflist";

/** Pod network: flannel with VXLAN, declared natively, with the rights it uses and no more. */
export class Flannel extends pulumi.ComponentResource {
  constructor(name: string, args: FlannelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:network:Flannel", name, {}, opts);
    const parent = { parent: this };
    const namespace = new k8s.core.v1.Namespace(
      name,
      { metadata: { name: FLANNEL_NAMESPACE, labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
      parent,
    );
    // Kubernetes creates this account in every namespace.
    new k8s.core.v1.ServiceAccountPatch(
      name,
      { metadata: { name: "default", namespace: namespace.metadata.name }, automountServiceAccountToken: false },
      parent,
    );
    const inNamespace = { name: "flannel", namespace: namespace.metadata.name };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata: inNamespace }, parent);
    const rights = this.grantRights(name, account);
    const config = new k8s.core.v1.ConfigMap(
      name,
      {
        metadata: inNamespace,
        data: {
          "cni-conf.json": JSON.stringify(CNI_CONFIG, null, 2),
          "net-conf.json": JSON.stringify({
            Network: args.podCidr,
            EnableNFTables: true,
            Backend: { Type: "vxlan", Port: VXLAN_PORT },
          }),
        },
      },
      parent,
    );
    daemonSet(
      name,
      { metadata: { ...inNamespace, labels: LABELS }, pod: podSpec(args, account, config) }, // Without its rights it would end, and wait before it starts again.
      { ...parent, dependsOn: rights },
    );
    this.registerOutputs({});
  }

  private grantRights(name: string, account: k8s.core.v1.ServiceAccount): pulumi.Resource[] {
    const own = grant(
      name,
      {
        to: account,
        metadata: { name: "flannel", namespace: account.metadata.namespace },
        // It reads its own pod to learn the node's name.
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
      },
      { parent: this },
    );
    const bound = narrowToOwnNode(
      name,
      {
        name: "atlas-site-flannel",
        user: FLANNEL_USER,
        resources: ["nodes/status"],
        validations: flannelValidations(),
      },
      { parent: this },
    );
    const nodes = grant(
      name,
      {
        to: account,
        metadata: { name: "flannel" },
        rules: [
          { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
          { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
        ],
      },
      // The right comes after what narrows it, and goes before.
      { parent: this, dependsOn: [bound] },
    );
    return [own, nodes];
  }
}

/** Root, as whom the node's files are written, and nothing more than these capabilities. */
function confined(...add: string[]) {
  return { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"], ...(add.length === 0 ? {} : { add }) } };
}

function podSpec(
  args: FlannelArgs,
  account: k8s.core.v1.ServiceAccount,
  config: k8s.core.v1.ConfigMap,
): k8s.types.input.core.v1.PodSpec {
  const flannel = imageReference(versions.images.flannel, args.registryPrefix);
  const podField = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  return {
    hostNetwork: true,
    priorityClassName: "system-node-critical",
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    serviceAccountName: account.metadata.name,
    // A node without its pod network must get one, whatever keeps other pods away.
    tolerations: [{ operator: "Exists" }],
    initContainers: [
      {
        name: "install-plugin",
        image: imageReference(versions.images.flannelCniPlugin, args.registryPrefix),
        command: ["cp"],
        args: ["-f", "/flannel", "/opt/cni/bin/flannel"],
        securityContext: confined(),
        volumeMounts: [{ name: "cni-plugins", mountPath: "/opt/cni/bin" }],
      },
    ],
    containers: [
      {
        name: "flannel",
        image: flannel,
        command: ["/opt/bin/flanneld"],
        args: ["--ip-masq", "--kube-subnet-mgr", `--healthz-port=${HEALTH_PORT}`],
        lifecycle: { postStart: { exec: { command: ["sh", "-c", INSTALL_CONFIG_WHEN_READY] } } },
        ports: [{ name: "healthz", containerPort: HEALTH_PORT }],
        readinessProbe: { httpGet: { path: "/readyz", port: "healthz" }, periodSeconds: 10 },
        livenessProbe: { httpGet: { path: "/healthz", port: "healthz" }, initialDelaySeconds: 10, periodSeconds: 30 },
        resources: { requests: kubernetesRequests(FLANNEL_REQUESTS) },
        securityContext: confined("NET_ADMIN", "NET_RAW"),
        env: [
          { name: "POD_NAME", ...podField("metadata.name") },
          { name: "POD_NAMESPACE", ...podField("metadata.namespace") },
          { name: "EVENT_QUEUE_DEPTH", value: "5000" },
        ],
        volumeMounts: [
          { name: "run", mountPath: "/run/flannel" },
          { name: "cni", mountPath: "/etc/cni/net.d" },
          { name: "config", mountPath: "/etc/kube-flannel" },
          { name: "xtables-lock", mountPath: "/run/xtables.lock" },
        ],
      },
    ],
    volumes: [
      { name: "run", hostPath: { path: "/run/flannel", type: "DirectoryOrCreate" } },
      { name: "cni-plugins", hostPath: { path: "/opt/cni/bin" } },
      { name: "cni", hostPath: { path: "/etc/cni/net.d", type: "DirectoryOrCreate" } },
      { name: "config", configMap: { name: config.metadata.name } },
      { name: "xtables-lock", hostPath: { path: "/run/xtables.lock", type: "FileOrCreate" } },
    ],
  };
}
