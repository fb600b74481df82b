import type * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site";
import { type Cluster, kubeconfigOf } from "../cluster/Cluster";
import type { ClientIdentity, KeyPair } from "../cluster/pki";

/** Name of the central Harvester among the cluster keys' clients. */
export const HARVESTER = "harvester";

/** Who the central Harvester is in the cluster: a certificate, since it outlives a rebuild; no group, so only its Roles count. */
export const harvesterIdentity: ClientIdentity = { user: "atlas-site:harvester", groups: [] };

/**
 * A kubeconfig for each queue, for the central Harvester: the same certificate, with the queue's namespace as default.
 * Secret.
 */
export function harvesterKubeconfigs(
  site: Site,
  cluster: Cluster,
  credential: pulumi.Output<KeyPair>,
): Record<string, pulumi.Output<string>> {
  const entries = Object.entries(site.queues).map(([queue, { namespace }]) => {
    return [queue, kubeconfigOf(cluster, site.site.name, HARVESTER, credential, namespace)] as const;
  });
  return Object.fromEntries(entries);
}
