/** Where pods of monitoring run, and what all of them have in common; plain values. */
import type { Monitoring, Site } from "../../stacks/site";

/**
 * The site's section monitoring, where there is one.
 * @throws Error for a site that is not monitored
 */
export function monitoringOf({ monitoring }: Pick<Site, "monitoring">): Monitoring {
  if (monitoring.mode !== "prometheus") {
    throw new Error(
      "the site has monitoring.mode none; write prometheus, or make no component of the layer monitoring",
    );
  }
  return monitoring;
}

/** Where a pod may run. */
export interface Placement {
  readonly nodeSelector: Record<string, string>;
  readonly tolerations: { key: string; operator: "Exists"; effect: string }[];
}

/** Machines of the pool of monitoring, whatever taints they have; in a cluster that is not the site's, any of Linux. */
export function placementOf(site: Pick<Site, "cloud" | "monitoring">): Placement {
  const { pool: name } = monitoringOf(site);
  const pool = site.cloud?.pools[name];
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

/** User `nobody` of the images of Prometheus' family and kube-state-metrics. */
export const NOBODY = 65_534;

/** What every container of the layer is refused. */
export const CONFINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/**
 * A pod that is nobody and whose files are its group's.
 * @param uid user and group
 */
export function unprivileged(uid: number) {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    fsGroup: uid,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Label by which a service of the layer is known to its Service and to NetworkPolicies. */
export function labelsOf(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name };
}
