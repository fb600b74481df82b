/** From a site to its cluster, by the provisioner the site names. */
import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import type { Cloud, Kubeadm, Magnum, Site } from "../../stacks/site/site";
import { Bastion } from "../cloud/Bastion";
import { Foundation } from "../cloud/Foundation";
import type { FirewallRule } from "../cloud/firewall";
import { Machines } from "../cloud/Machines";
import { controlPlaneMachines, internalApiAddress, type MachinePlan, planPools } from "../cloud/plan";
import { unsupported } from "./capabilities";
import { ClusterKeys } from "./ClusterKeys";
import { inCluster, type Cluster } from "./Cluster";
import { ExistingCluster } from "./ExistingCluster";
import { ADMINISTRATOR, KubeadmCluster } from "./KubeadmCluster";
import { nodeMarks } from "./kubeadm/clusterPlan";
import { cannotCreate, type CloudIdentity } from "./magnum/identity";
import type { MagnumApi } from "./magnum/clusterState";
import { magnumApi } from "./magnum/magnumApi";
import { MagnumCluster } from "./MagnumCluster";
import { secretUserData } from "./kubeadm/secretUserData";
import type { NodeAdditions } from "./kubeadm/nodeAddition";
import { NodePolicy } from "./NodePolicy";
import type { ClientIdentity, KeyPair } from "./pki";

/** A cluster and what it gave to the site's clients. */
export interface Provisioned {
  readonly cluster: Cluster;
  /** Certificate of a named client; undefined where the program does not hold the cluster's CA. */
  readonly credential?: (client: string) => pulumi.Output<KeyPair>;
}

/** What features add to the machines that the program creates. */
export interface ContributedMachines {
  /** Files, commands, taints, labels and blank volumes of each machine. */
  readonly machines: NodeAdditions;
  /** Ports that the features open. */
  readonly openings: readonly FirewallRule[];
}

/** The administrator: cluster-admin by the binding that kubeadm makes. */
const administrator: ClientIdentity = { user: "atlas-site:administrator", groups: ["kubeadm:cluster-admins"] };

/**
 * The cluster of a site.
 * @param contributed what features add to machines that the program creates
 * @param existingKubeconfig the secret of that name, asked for only where the cluster is not the program's
 * @param identity OpenStack credentials of this run, asked for only where the program itself calls OpenStack
 */
export function provision(
  site: Site,
  clients: Record<string, ClientIdentity>,
  contributed: ContributedMachines,
  existingKubeconfig: () => pulumi.Input<string> | undefined,
  identity: () => CloudIdentity,
): Provisioned {
  const { cloud, cluster } = site;
  switch (cluster.provisioner) {
    case "kubeadm":
      if (cloud === undefined) {
        throw new Error("provisioner kubeadm builds on machines: the site needs a section atlas-site:cloud");
      }
      return provisionKubeadm({ ...site, cloud, cluster }, clients, contributed);
    case "magnum":
      return { cluster: provisionMagnum(site.site.name, cluster, identity()) };
    case "existing":
      return provisionExisting(cluster.identifier, existingKubeconfig());
    default:
      return unsupported(cluster);
  }
}

function provisionExisting(identifier: string, kubeconfig: pulumi.Input<string> | undefined): Provisioned {
  if (kubeconfig === undefined) {
    throw new Error(
      "provisioner existing needs the cluster's kubeconfig; set it by: " +
        "pulumi config set --secret atlas-site:kubeconfig < kubeconfig.yaml",
    );
  }
  return { cluster: new ExistingCluster("cluster", { identifier, kubeconfig }) };
}

/** A cluster that Magnum creates. Nothing is created with credentials that Magnum would refuse after a while. */
function provisionMagnum(siteName: string, magnum: Magnum, identity: CloudIdentity): MagnumCluster {
  const api = magnumApi(identity, magnum.region);
  const region = pulumi.output(admitted(siteName, api, identity).then(() => magnum.region));
  const inCloud = { providers: [new openstack.Provider("openstack", { region })] };
  return new MagnumCluster("cluster", { siteName, magnum, api }, inCloud);
}

/**
 * Resolves once the credentials may do what this run is to do: a preview, or a change of a cluster that exists, needs no
 * trust.
 * @throws RunError for an application credential before the cluster exists
 */
async function admitted(siteName: string, api: MagnumApi, identity: CloudIdentity): Promise<void> {
  const refusal = cannotCreate(identity);
  if (refusal === undefined) {
    return;
  }
  if (pulumi.runtime.isDryRun()) {
    void pulumi.log.warn(`${refusal} This preview goes on.`);
  } else if ((await api.cluster(siteName)) === undefined) {
    throw new RunError(refusal);
  }
}

/** Machines that make themselves a cluster by their user data. */
function provisionKubeadm(
  site: Site & { cloud: Cloud; cluster: Kubeadm },
  clients: Record<string, ClientIdentity>,
  contributed: ContributedMachines,
): Provisioned {
  const { cloud, cluster: kubeadm } = site;
  const siteName = site.site.name;
  const inCloud = { providers: [new openstack.Provider("openstack", { region: cloud.region })] };
  const pools = planPools(siteName, cloud);
  const controlPlane = controlPlaneMachines(pools);
  const poolNames = pools.map((pool) => pool.name);

  const foundation = new Foundation("cloud", { siteName, cloud, openings: contributed.openings, pools }, inCloud);
  const keys = new ClusterKeys("cluster", {
    siteName,
    clients: { [ADMINISTRATOR]: administrator, ...clients },
    pools: poolNames,
    credentialsGeneration: kubeadm.credentialsGeneration,
    tokensGeneration: kubeadm.tokensGeneration,
  });
  const plan = {
    name: siteName,
    kubeadm,
    network: site.network,
    apiAddress: internalApiAddress(siteName, cloud),
    controlPlane,
    additions: contributed.machines,
    registryPrefix: site.site.registryPrefix,
  };
  const userData = secretUserData(plan, foundation.apiEndpoint.address, keys, cloud.pools);
  const machines = pools.map((pool) => {
    const blankVolumesGb = (machine: MachinePlan) => {
      const settings = cloud.pools[machine.pool];
      return settings === undefined ? [] : (contributed.machines(machine, settings).blankVolumesGb ?? []);
    };
    const args = { siteName, cloud, pool, foundation, userData, blankVolumesGb };
    return { pool, made: new Machines(pool.name, args, inCloud) };
  });
  const control = machines.filter(({ pool }) => pool.role === "control-plane");
  const [port] = control.flatMap(({ made }) => made.portIds);
  const [first] = controlPlane;
  if (port === undefined || first === undefined) {
    throw new Error(
      "provisioner kubeadm needs a control plane: give one pool of atlas-site:cloud the role control-plane",
    );
  }
  foundation.apiEndpoint.associateWithMachine(port);
  if (cloud.bastion !== undefined) {
    new Bastion("bastion", { siteName, cloud, bastion: cloud.bastion, foundation }, inCloud);
  }
  const cluster = new KubeadmCluster("cluster", {
    siteName,
    keys,
    publicAddress: foundation.apiEndpoint.address,
    controlPlane: controlPlane.map((machine) => machine.name),
    controlPlaneIds: control.flatMap(({ made }) => made.instanceIds),
    generation: first.generation,
    pools: poolNames,
    apiDeadlineMinutes: kubeadm.apiDeadlineMinutes,
  });
  const nodes = pools.flatMap((pool) => {
    const settings = cloud.pools[pool.name];
    return settings === undefined
      ? []
      : pool.machines.map((machine) => ({ machine, ...nodeMarks(plan, machine, settings) }));
  });
  new NodePolicy("cluster-nodes", { nodes }, inCluster(cluster));
  return { cluster, credential: (client) => keys.client(client) };
}
