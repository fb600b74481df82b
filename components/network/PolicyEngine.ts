import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageReference, versions } from "../../versions";
import { POLICY_ENGINE_REQUESTS } from "./requests";
import { grant } from "../kubernetes/grant";
import { kubernetesRequests } from "../kubernetes/resources";
import { labelsOf } from "../kubernetes/names";
import { daemonSet } from "../kubernetes/workloads";

/** What a `PolicyEngine` is made from. */
export interface PolicyEngineArgs {
  /** Which engine: the first needs nft queue in the kernel, the second iptables and ipset. */
  engine: "kube-network-policies" | "kube-router";
  /** Mirror of all images; undefined: their own registries. */
  registryPrefix?: string;
}

type Container = k8s.types.input.core.v1.Container;
type Volume = k8s.types.input.core.v1.Volume;
type PolicyRule = k8s.types.input.rbac.v1.PolicyRule;

/** What differs between the engines. */
interface EngineShape {
  readonly image: string;
  readonly command: string[];
  readonly args: string[];
  readonly rules: PolicyRule[];
  /** Host files it shares with other daemons. */
  readonly mounts: { readonly name: string; readonly path: string; readonly type?: string }[];
}

const readOf = (apiGroup: string, resources: string[]): PolicyRule => {
  return { apiGroups: [apiGroup], resources, verbs: ["get", "list", "watch"] };
};

const ENGINES: Record<PolicyEngineArgs["engine"], EngineShape> = {
  "kube-network-policies": {
    image: versions.images.kubeNetworkPolicies,
    command: ["/bin/netpol"],
    args: ["--hostname-override=$(NODE_NAME)", "--nfqueue-id=98", "--disable-nri", "--v=2"],
    rules: [readOf("", ["pods", "namespaces"]), readOf("networking.k8s.io", ["networkpolicies"])],
    mounts: [],
  },
  "kube-router": {
    image: versions.images.kubeRouter,
    command: ["/usr/local/bin/kube-router"],
    args: [
      "--run-firewall=true",
      "--run-router=false",
      "--run-service-proxy=false",
      "--hostname-override=$(NODE_NAME)",
      "--metrics-port=0",
    ],
    rules: [
      readOf("", ["pods", "namespaces", "nodes", "services", "endpoints"]),
      readOf("networking.k8s.io", ["networkpolicies"]),
      readOf("discovery.k8s.io", ["endpointslices"]),
    ],
    mounts: [{ name: "xtables-lock", path: "/run/xtables.lock", type: "FileOrCreate" }],
  },
};

/** What makes NetworkPolicies true on every node. */
export class PolicyEngine extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyEngineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:network:PolicyEngine", name, {}, opts);
    const shape = ENGINES[args.engine];
    const parent = { parent: this };
    const labels = labelsOf(args.engine);
    const metadata = { name: args.engine, namespace: "kube-system", labels };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata }, parent);
    grant(name, { to: account, metadata: { name: args.engine, labels }, rules: shape.rules }, parent);
    const pod = {
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      serviceAccountName: account.metadata.name,
      tolerations: [{ operator: "Exists" }],
      containers: [container(args, shape)],
      volumes: shape.mounts.map(volume),
    };
    daemonSet(name, { metadata, pod }, parent);
    this.registerOutputs({});
  }
}

function container(args: PolicyEngineArgs, shape: EngineShape): Container {
  return {
    name: args.engine,
    image: imageReference(shape.image, args.registryPrefix),
    command: shape.command,
    args: shape.args,
    env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    resources: { requests: kubernetesRequests(POLICY_ENGINE_REQUESTS) },
    // It writes the host's packet filter and kernel settings, which no set of capabilities short of this allows.
    securityContext: { privileged: true },
    volumeMounts: shape.mounts.map(({ name, path }) => ({ name, mountPath: path })),
  };
}

function volume({ name, path, type }: EngineShape["mounts"][number]): Volume {
  return { name, hostPath: { path, ...(type === undefined ? {} : { type }) } };
}
