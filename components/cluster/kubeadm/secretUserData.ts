import * as pulumi from "@pulumi/pulumi";
import type { MachinePlan } from "../../cloud/plan";
import type { Pool } from "../../../stacks/site/site";
import type { ClusterKeys } from "../ClusterKeys";
import { caCertHash } from "../pki";
import type { ClusterPlan } from "./clusterPlan";
import { bootFiles, cloudConfig, packUserData } from "./userData";

/**
 * Packed user data of a machine, as a secret.
 * @param publicAddress of the API: it stands in the API server's certificate, so a floating IP is reserved before a
 *   machine boots
 */
export function secretUserData(
  plan: Omit<ClusterPlan, "publicAddress">,
  publicAddress: pulumi.Input<string>,
  keys: ClusterKeys,
  pools: Readonly<Record<string, Pool>>,
): (machine: MachinePlan) => pulumi.Output<string> {
  const caHash = keys.cas.apply((cas) => caCertHash(cas.cluster));
  return (machine) =>
    pulumi.all([keys.cas, caHash, keys.token(machine.pool), publicAddress]).apply(([cas, hash, token, address]) => {
      const secrets = { cas, token, caHash: hash };
      const pool = pools[machine.pool];
      if (pool === undefined) {
        throw new Error(
          `machine ${machine.name} belongs to pool "${machine.pool}", which atlas-site:cloud.pools does not have`,
        );
      }
      const files = bootFiles({ ...plan, publicAddress: address }, machine, pool, secrets);
      return packUserData(cloudConfig(files));
    });
}
