/** Where pods of the site's own services run, as plain values. */

/** Where a pod may run. */
export interface Placement {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: { key: string; operator: "Exists"; effect: string }[];
}

/** What placement needs to know of a cluster's pools of nodes. */
export interface PooledNodes {
  /** Pools by name. */
  readonly nodePools?: Readonly<
    Record<
      string,
      { readonly role: string; readonly taints: readonly { readonly key: string; readonly effect: string }[] }
    >
  >;
  /** Label of every node with the name of its pool. */
  readonly poolLabel?: string;
}

/** Labels that select the nodes of a pool; undefined where the cluster has no such pool or does not label its nodes. */
export function poolSelector({ nodePools, poolLabel }: PooledNodes, name: string): Record<string, string> | undefined {
  return nodePools?.[name] === undefined || poolLabel === undefined ? undefined : { [poolLabel]: name };
}

/** Nodes of a pool, whatever taints they have; where the cluster's pools are unknown, any Linux node. */
export function poolPlacement(nodes: PooledNodes, name: string): Placement {
  const pool = nodes.nodePools?.[name];
  const nodeSelector = poolSelector(nodes, name);
  if (pool === undefined || nodeSelector === undefined) {
    return { nodeSelector: { "kubernetes.io/os": "linux" }, tolerations: [] };
  }
  const taints = [
    ...pool.taints,
    ...(pool.role === "control-plane" ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] : []),
  ];
  return {
    nodeSelector,
    tolerations: taints.map(({ key, effect }) => ({ key, operator: "Exists", effect })),
  };
}
