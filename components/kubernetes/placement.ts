/** Where pods of the site's own services run, as plain values. */
import type { Site } from "../../stacks/site/site";

/** Where a pod may run. */
export interface Placement {
  readonly nodeSelector: Record<string, string>;
  readonly tolerations: { key: string; operator: "Exists"; effect: string }[];
}

/** Machines of a pool, whatever taints they have; in a cluster that is not the site's, any of Linux. */
export function poolPlacement(cloud: Site["cloud"], name: string): Placement {
  const pool = cloud?.pools[name];
  if (pool === undefined) {
    return { nodeSelector: { "kubernetes.io/os": "linux" }, tolerations: [] };
  }
  const taints = [
    ...pool.taints,
    ...(pool.role === "control-plane" ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] : []),
  ];
  return {
    nodeSelector: { "atlas-site/pool": name },
    tolerations: taints.map(({ key, effect }) => ({ key, operator: "Exists", effect })),
  };
}
