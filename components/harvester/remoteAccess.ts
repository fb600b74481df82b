import type * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site";
import { type Cluster, kubeconfigOf } from "../cluster/Cluster";
import type { ClientIdentity, KeyPair } from "../cluster/pki";
import { SERVICE } from "./names";

/** Name of the central Harvester among the cluster keys' clients. */
export const HARVESTER = "harvester";

/** Who the central Harvester is in the cluster: a certificate, since it outlives a rebuild; no group, so only its Roles count. */
export const harvesterIdentity: ClientIdentity = { user: "atlas-site:harvester", groups: [] };

/** Who works with the queues' namespaces; what `QueueNamespace` binds its Role to. */
export type HarvesterSubject =
  | { readonly kind: "User"; readonly name: string }
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string };

/** The site's Harvester as the cluster knows it: the central one by its certificate, one in the cluster by its account. */
export function harvesterSubject({ harvester }: Site): HarvesterSubject {
  return harvester.mode === "remote"
    ? { kind: "User", name: harvesterIdentity.user }
    : { kind: "ServiceAccount", name: SERVICE, namespace: harvester.namespace };
}

/** Harvester among the clients that the cluster's authority signs for; none where it lives in the cluster. */
export function harvesterClients({ harvester }: Site): Record<string, ClientIdentity> {
  return harvester.mode === "remote" ? { [HARVESTER]: harvesterIdentity } : {};
}

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
