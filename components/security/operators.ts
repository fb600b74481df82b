/** The site's operators, who look at everything but secrets and touch nothing. */
import type * as pulumi from "@pulumi/pulumi";
import { type Cluster, kubeconfigOf } from "../cluster/Cluster";
import type { ClientIdentity, KeyPair } from "../cluster/pki";
import { OPERATOR, operatorIdentity } from "./names";

/** The operators among the clients that the cluster's CA signs for. */
export const operatorClients: Record<string, ClientIdentity> = { [OPERATOR]: operatorIdentity };

/** The operators' kubeconfig, secret; undefined in a cluster whose CA the program does not hold. */
export function operatorKubeconfig(
  siteName: string,
  cluster: Cluster,
  credential: ((client: string) => pulumi.Output<KeyPair>) | undefined,
): pulumi.Output<string> | undefined {
  return credential && kubeconfigOf(cluster, siteName, OPERATOR, credential(OPERATOR));
}
