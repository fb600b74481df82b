/** A cluster's parts for tests of pure functions: its plan, and keys that are plainly no keys. */
import type { MachinePlan } from "../../components/cloud/plan";
import { controlPlaneMachines, internalApiAddress, planPools } from "../../components/cloud/plan";
import type { ClusterPlan } from "../../components/cluster/kubeadm/clusterPlan";
import { NO_ADDITION } from "../../components/cluster/kubeadm/nodeAddition";
import type { BootSecrets } from "../../components/cluster/kubeadm/userData";
import type { ClusterCas, KeyPair } from "../../components/cluster/pki";
import type { Pool } from "../../stacks/site/site";
import { kubeadmSite, type Variant } from "./sites";

function pem(label: string, content: string): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(content).toString("base64")}\n-----END ${label}-----\n`;
}

function pair(who: string): KeyPair {
  return { certPem: pem("CERTIFICATE", `certificate of ${who}`), keyPem: pem("PRIVATE KEY", `key of ${who}`) };
}

/** Always the same, and good for nothing but texts. */
export const FAKE_AUTHORITIES: ClusterCas = {
  cluster: pair("the cluster's CA"),
  frontProxy: pair("the front proxy's CA"),
  etcd: pair("etcd's CA"),
  serviceAccount: {
    publicPem: pem("PUBLIC KEY", "public key of service accounts"),
    privatePem: pem("PRIVATE KEY", "private key of service accounts"),
  },
  encryptionKey: Buffer.from("encryption key of 32 fake bytes.").toString("base64"),
};

/** Secrets of a machine's user data, always the same. */
export const FAKE_SECRETS: BootSecrets = {
  token: "abcdef.0123456789abcdef",
  caHash: `sha256:${"0123456789abcdef".repeat(4)}`,
  cas: FAKE_AUTHORITIES,
};

/** What a machine's user data is made of, on a site. */
export interface ClusterParts {
  readonly plan: ClusterPlan;
  /** Every machine, by name. */
  readonly machines: ReadonlyMap<string, MachinePlan>;
  /** A machine by name, with its pool. */
  machine(name: string): [MachinePlan, Pool];
}

/** The parts of a variant's cluster. */
export function clusterParts(variant: Exclude<Variant, "existing" | "magnum">): ClusterParts {
  const { site, cloud, cluster, network } = kubeadmSite(variant);
  const pools = planPools(site.name, cloud);
  const apiAddress = internalApiAddress(site.name, cloud);
  const all = pools.flatMap((pool) => [...pool.machines]);
  const machines = new Map(all.map((machine) => [machine.name, machine]));
  return {
    plan: {
      name: site.name,
      kubeadm: cluster,
      network,
      apiAddress,
      publicAddress: apiAddress,
      controlPlane: controlPlaneMachines(pools),
      additions: () => NO_ADDITION,
      registryPrefix: site.registryPrefix,
    },
    machines,
    machine(name) {
      const machine = machines.get(name);
      if (machine === undefined) {
        throw new Error(`no machine ${name} in ${variant}; there are ${[...machines.keys()].join(", ")}`);
      }
      return [machine, cloud.pools[machine.pool]];
    },
  };
}
