import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site/site";
import { type Cluster, kubeconfigOf } from "../cluster/Cluster";
import { capabilities, type ClusterSections } from "../cluster/capabilities";
import type { ClientToken } from "../cluster/kubeconfig";
import type { ClientIdentity, KeyPair } from "../cluster/pki";
import { ClientAccounts } from "../security/ClientAccounts";
import { CLIENTS_NAMESPACE } from "../security/names";
import type { HarvesterSubject } from "../security/rights";
import { SERVICE } from "./names";

/** Name of the central Harvester among the cluster keys' clients. */
const HARVESTER = "harvester";

/** Who the central Harvester is in the cluster: a certificate, since it outlives a rebuild; no group, so only its Roles count. */
export const harvesterIdentity: ClientIdentity = { user: "atlas-site:harvester", groups: [] };

/**
 * The site's Harvester as the cluster knows it: the central one by its certificate, or by a ServiceAccount where the program
 * does not hold the cluster's CA; one in the cluster by its account.
 */
export function harvesterSubject(site: Pick<Site, "harvester"> & ClusterSections): HarvesterSubject {
  const { harvester } = site;
  if (harvester.mode === "inCluster") {
    return { kind: "ServiceAccount", name: SERVICE, namespace: harvester.namespace };
  }
  return capabilities(site).clients === "certificate"
    ? { kind: "User", name: harvesterIdentity.user }
    : { kind: "ServiceAccount", name: HARVESTER, namespace: CLIENTS_NAMESPACE };
}

/** Harvester among the clients that the cluster's CA signs for; none where it lives in the cluster. */
export function harvesterClients({ harvester }: Pick<Site, "harvester">): Record<string, ClientIdentity> {
  return harvester.mode === "remote" ? { [HARVESTER]: harvesterIdentity } : {};
}

/**
 * A kubeconfig for each queue, for the central Harvester: one credential, with the queue's namespace as default. Secret. None
 * for a Harvester in the cluster.
 * @param certificate certificate of a client; undefined where the program does not hold the cluster's CA: then Harvester gets a
 *   ServiceAccount and its token
 * @param options of components whose children are objects in the cluster
 */
export function harvesterKubeconfigs(
  site: Pick<Site, "site" | "harvester" | "queues">,
  cluster: Cluster,
  certificate: ((client: string) => pulumi.Output<KeyPair>) | undefined,
  options: pulumi.ComponentResourceOptions,
): pulumi.Output<Record<string, string>> {
  if (site.harvester.mode !== "remote") {
    return pulumi.secret<Record<string, string>>({});
  }
  const credential: pulumi.Output<KeyPair | ClientToken> =
    certificate?.(HARVESTER) ?? new ClientAccounts("clients", { clients: [HARVESTER] }, options).token(HARVESTER);
  const entries = Object.entries(site.queues).map(([queue, { namespace }]) => {
    return [queue, kubeconfigOf(cluster, site.site.name, HARVESTER, credential, namespace)] as const;
  });
  return pulumi.secret(Object.fromEntries(entries));
}
