import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site/site";
import { type Cluster, kubeconfigOf } from "../cluster/Cluster";
import type { ClientIdentity, KeyPair } from "../cluster/pki";
import type { HarvesterSubject } from "../security/rights";
import { SERVICE } from "./names";

/** Name of the central Harvester among the cluster keys' clients. */
const HARVESTER = "harvester";

/** Who the central Harvester is in the cluster: a certificate, since it outlives a rebuild; no group, so only its Roles count. */
export const harvesterIdentity: ClientIdentity = { user: "atlas-site:harvester", groups: [] };

/** The site's Harvester as the cluster knows it: the central one by its certificate, one in the cluster by its account. */
export function harvesterSubject({ harvester }: Pick<Site, "harvester">): HarvesterSubject {
  return harvester.mode === "remote"
    ? { kind: "User", name: harvesterIdentity.user }
    : { kind: "ServiceAccount", name: SERVICE, namespace: harvester.namespace };
}

/** Harvester among the clients that the cluster's CA signs for; none where it lives in the cluster. */
export function harvesterClients({ harvester }: Pick<Site, "harvester">): Record<string, ClientIdentity> {
  return harvester.mode === "remote" ? { [HARVESTER]: harvesterIdentity } : {};
}

/**
 * A kubeconfig for each queue, for the central Harvester: the same certificate, with the queue's namespace as default.
 * Secret. None for a Harvester in the cluster, nor in a cluster whose CA the program does not hold.
 */
export function harvesterKubeconfigs(
  site: Pick<Site, "site" | "harvester" | "queues">,
  cluster: Cluster,
  credential: ((client: string) => pulumi.Output<KeyPair>) | undefined,
): pulumi.Output<Record<string, string>> {
  if (site.harvester.mode !== "remote" || credential === undefined) {
    return pulumi.secret<Record<string, string>>({});
  }
  const entries = Object.entries(site.queues).map(([queue, { namespace }]) => {
    return [queue, kubeconfigOf(cluster, site.site.name, HARVESTER, credential(HARVESTER), namespace)] as const;
  });
  return pulumi.secret(Object.fromEntries(entries));
}
