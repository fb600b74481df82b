/** What a Magnum cluster is made from, as plain values. */
import type { Magnum, Pool } from "../../../stacks/site/site";
import { NODE_GROUP_LABEL, roleLabels } from "./labels";

/** Name of the worker group that Magnum makes by itself. */
export const DEFAULT_WORKERS = "default-worker";

/** Names that Magnum gives its own groups. */
export const OWN_GROUPS: readonly string[] = ["default-master", DEFAULT_WORKERS];

/** Label values as Magnum stores them: text. */
export function labelTexts(labels: Readonly<Record<string, string | boolean | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

/**
 * Labels of the cluster: those of the site file, and those that follow from the pools' autoscaling. The bounds are for
 * the default workers, which never scale; pools have theirs in their node groups.
 */
export function clusterLabels(magnum: Magnum): Record<string, string> {
  const scales = Object.values(magnum.pools).some(({ autoscaling }) => autoscaling !== undefined);
  const { count } = magnum.defaultWorkers;
  return {
    ...labelTexts(magnum.labels),
    ...magnum.otherLabels,
    ...(scales ? labelTexts({ auto_scaling_enabled: true, min_node_count: count, max_node_count: count }) : {}),
  };
}

/** What is known of the nodes of a group. */
type GroupNodes = Pick<Pool, "role" | "count" | "flavor" | "taints">;

/**
 * The node groups with nodes for pods, by name: Magnum's own workers and the pools. Values are read on demand, as everywhere in
 * capabilities.
 */
export function magnumNodePools(magnum: Magnum): Record<string, GroupNodes> {
  const own: GroupNodes = {
    role: "services",
    get count() {
      return magnum.defaultWorkers.count;
    },
    get flavor() {
      return magnum.defaultWorkers.flavor;
    },
    taints: [],
  };
  const pools = Object.entries(magnum.pools).map(([name, pool]): [string, GroupNodes] => [
    name,
    {
      get role() {
        return pool.role;
      },
      get count() {
        return pool.autoscaling?.max ?? pool.count;
      },
      get flavor() {
        return pool.flavor;
      },
      taints: [],
    },
  ]);
  return { [DEFAULT_WORKERS]: own, ...Object.fromEntries(pools) };
}

/** Label of every node with the name of its node group. */
export function magnumPoolLabel({ driver }: Magnum): string {
  return NODE_GROUP_LABEL[driver];
}

/**
 * Labels that select the nodes for jobs: the only batch pool by its name, several by their role. Where the driver passes
 * no role on, no single selector picks several pools out of all: then all Linux nodes.
 */
export function magnumJobNodes(magnum: Magnum): Record<string, string> {
  const batch = Object.keys(magnum.pools).filter((name) => magnum.pools[name]?.role === "batch");
  const [only] = batch;
  if (batch.length === 1 && only !== undefined) {
    return { [magnumPoolLabel(magnum)]: only };
  }
  return { ...(roleLabels(magnum.driver, "batch") ?? { "kubernetes.io/os": "linux" }) };
}

/** Arguments of a node group's resource, but for the cluster's id. */
export interface NodeGroupPlan {
  readonly name: string;
  readonly role: string;
  readonly flavorId: string;
  readonly nodeCount: number;
  readonly minNodeCount: number;
  readonly maxNodeCount?: number;
  readonly mergeLabels: true;
}

/** A node group for each pool. Without autoscaling the bounds leave the number of nodes to the site file. */
export function nodeGroups(magnum: Magnum): NodeGroupPlan[] {
  return Object.entries(magnum.pools).map(([name, { role, count, flavor, autoscaling }]) => ({
    name,
    role,
    flavorId: flavor.name,
    nodeCount: count,
    minNodeCount: autoscaling?.min ?? 0,
    ...(autoscaling === undefined ? {} : { maxNodeCount: autoscaling.max }),
    mergeLabels: true,
  }));
}

/** Inputs whose change would replace a node group, and kill the jobs on it. */
export const NODE_GROUP_FIXED: readonly string[] = [
  "clusterId",
  "dockerVolumeSize",
  "flavorId",
  "imageId",
  "labels",
  "mergeLabels",
  "name",
  "role",
];

/** Inputs whose change would replace the whole cluster, or ask Magnum for an upgrade that no driver must be asked for unseen. */
export const CLUSTER_FIXED: readonly string[] = [
  "clusterTemplateId",
  "createTimeout",
  "discoveryUrl",
  "dockerVolumeSize",
  "fixedNetwork",
  "fixedSubnet",
  "flavor",
  "floatingIpEnabled",
  "keypair",
  "labels",
  "masterCount",
  "masterFlavor",
  "mergeLabels",
  "name",
];
