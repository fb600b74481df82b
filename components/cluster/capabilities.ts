/**
 * What the program may rely on in a site's cluster, whichever provisioner makes it. This is the only place where a
 * provisioner's name becomes a fact; every other layer, check and command asks for the fact.
 */
import type { Cloud, Kubeadm, Magnum, Pool, Site } from "../../stacks/site/site";
import type { Reserved } from "./capacity";
import { CONTROL_PLANE_FILES } from "./kubeadm/controlPlaneFiles";
import { magnumJobNodes, magnumNodePools, magnumPoolLabel } from "./magnum/plan";

/** Nodes of one shape and role, as far as the site file describes them. */
export type NodePool = Pick<Pool, "role" | "count" | "flavor" | "taints" | "bootVolumeGb">;

/** How nodes are configured. */
export interface NodeSettings {
  /** Reserved on every node; no pod gets it. */
  readonly reserved: Reserved;
  /** Pods per node. */
  readonly maxPods: number;
  /** Minutes that a new machine may take to become a node. */
  readonly joinDeadlineMinutes: number;
}

/** A control plane that the program configures. */
export interface ControlPlane {
  /** Kubernetes version, without `v`. */
  readonly kubernetes: string;
  /** IPv4 blocks with the addresses of its machines. */
  readonly addresses: readonly string[];
  /** Directory of the API server's audit log on its machines. */
  readonly auditLog: string;
}

/** What the program may rely on in a cluster. What is undefined is unknown or belongs to someone else. */
export interface Capabilities {
  /** The provisioner and what it provides, in a few words. */
  readonly title: string;
  /** The OpenStack section whose machines the program creates and configures by user data. */
  readonly machines?: Cloud;
  /** IPv4 network of the nodes' own addresses. */
  readonly machineNetwork?: string;
  /** Pools of nodes whose shape is known before they exist, by name. */
  readonly nodePools?: Readonly<Record<string, NodePool>>;
  /** Label of every node with the name of its pool. */
  readonly poolLabel?: string;
  /** Labels that select the nodes for jobs; where nobody labels them, all Linux nodes. */
  readonly jobNodes: Readonly<Record<string, string>>;
  /** Settings of the nodes. */
  readonly nodes?: NodeSettings;
  /** The control plane, where the program configures it: its scheduler, audit log and metrics are then the site's. */
  readonly controlPlane?: ControlPlane;
  /** How a node is replaced: by raising its pool's `generation`, or outside the program. */
  readonly nodeReplacement: "generation" | "external";
  /** Whether a controller may exist that creates the load balancer of a Service. */
  readonly serviceLoadBalancers: boolean;
  /** Whether the nodes are instances of the OpenStack project whose Cinder volumes the program may attach to them. */
  readonly cinderVolumes: boolean;
  /** Where the administrator's kubeconfig comes from: issued by the program, or the secret `atlas-site:kubeconfig`. */
  readonly kubeconfig: "issued" | "secret";
  /** How clients authenticate: by certificates of the cluster's CA, or as ServiceAccounts where the CA is not ours. */
  readonly clients: "certificate" | "serviceAccount";
  /** Whether the site file needs a section cloud, or must not have one. */
  readonly cloudSection: "required" | "forbidden";
}

/** The sections that say which cluster a site has. */
export type ClusterSections = Pick<Site, "cloud" | "cluster">;

/** Every node of a cluster in which nobody labels nodes for us. */
const ANY_LINUX_NODE = { "kubernetes.io/os": "linux" };

/** A cluster of which the program knows nothing but its API: also what another program passes to a component. */
export const UNKNOWN_CLUSTER: Capabilities = {
  title: "an existing cluster",
  jobNodes: ANY_LINUX_NODE,
  nodeReplacement: "external",
  serviceLoadBalancers: true,
  cinderVolumes: false,
  kubeconfig: "secret",
  clients: "serviceAccount",
  cloudSection: "forbidden",
};

/** What the program may rely on in the cluster of a site. */
export function capabilities({ cloud, cluster }: ClusterSections): Capabilities {
  switch (cluster.provisioner) {
    case "kubeadm":
      return ofKubeadm(cloud, cluster);
    case "magnum":
      return ofMagnum(cluster);
    case "existing":
      return ofExisting(cluster);
    default:
      return unsupported(cluster);
  }
}

/**
 * Ends a decision by provisioner: a provisioner that the schema knows and the decision does not is a compile-time error
 * here.
 * @throws Error if the types were evaded
 */
export function unsupported(cluster: never): never {
  throw new Error(`no decision for cluster ${JSON.stringify(cluster)}; add a case for its provisioner`);
}

/** The section of a cluster that Magnum creates; undefined for every other cluster. */
export function magnumSection({ cluster }: Pick<ClusterSections, "cluster">): Magnum | undefined {
  return cluster.provisioner === "magnum" ? cluster : undefined;
}

// Values are read when they are asked for: a check that needs one fact must not depend on a broken value behind another.

/** @param cloud undefined only in a site file that the checks refuse */
function ofKubeadm(cloud: Cloud | undefined, kubeadm: Kubeadm): Capabilities {
  const controlPlane = {
    get kubernetes() {
      return kubeadm.kubernetes;
    },
    get addresses() {
      const pools = Object.values(cloud?.pools ?? {});
      return pools.filter(({ role }) => role === "control-plane").map(({ addresses }) => addresses);
    },
    auditLog: CONTROL_PLANE_FILES["audit-log"],
  };
  return {
    get title() {
      return `kubeadm, Kubernetes ${kubeadm.kubernetes}`;
    },
    machines: cloud,
    get machineNetwork() {
      return cloud?.network.cidr;
    },
    get nodePools() {
      return cloud?.pools;
    },
    poolLabel: "atlas-site/pool",
    jobNodes: { "atlas-site/role": "batch" },
    nodes: kubeadm,
    controlPlane,
    nodeReplacement: "generation",
    // The program runs no cloud controller manager.
    serviceLoadBalancers: false,
    cinderVolumes: true,
    kubeconfig: "issued",
    clients: "certificate",
    cloudSection: "required",
  };
}

/** Magnum configures machines and control plane; the program knows its node groups and labels. */
function ofMagnum(magnum: Magnum): Capabilities {
  return {
    get title() {
      const { template } = magnum;
      return `Magnum, ${"name" in template ? `template ${template.name}` : "a template of the site"}`;
    },
    get machineNetwork() {
      return magnum.machineNetwork;
    },
    get nodePools() {
      return magnumNodePools(magnum);
    },
    get poolLabel() {
      return magnumPoolLabel(magnum);
    },
    get jobNodes() {
      return magnumJobNodes(magnum);
    },
    nodeReplacement: "external",
    // The drivers deploy OpenStack's cloud controller manager.
    serviceLoadBalancers: true,
    cinderVolumes: true,
    kubeconfig: "issued",
    clients: "serviceAccount",
    cloudSection: "forbidden",
  };
}

function ofExisting(existing: Extract<Site["cluster"], { provisioner: "existing" }>): Capabilities {
  return {
    ...UNKNOWN_CLUSTER,
    get title() {
      return existing.identifier;
    },
  };
}
