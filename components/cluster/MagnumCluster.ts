import * as k8s from "@pulumi/kubernetes";
import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import type { Magnum } from "../../stacks/site/site";
import { type Cluster, OBJECTS_CHANGE_IN_PLACE } from "./Cluster";
import type { MagnumApi } from "./magnum/clusterState";
import { type ProvidedKubeconfig, usableKubeconfig, withoutStack } from "./magnum/usable";
import { CLUSTER_FIXED, clusterLabels, DEFAULT_WORKERS, labelTexts, NODE_GROUP_FIXED, nodeGroups } from "./magnum/plan";

/** What a `MagnumCluster` is made from. */
export interface MagnumClusterArgs {
  /** Site name; also the cluster's. */
  siteName: string;
  /** The stack file's section of the cluster. */
  magnum: Magnum;
  /** Magnum, for what the provider's resources do not say. */
  api: MagnumApi;
}

/**
 * A cluster that Magnum creates: template, cluster with its control plane and Magnum's own small worker group, and a node
 * group for each pool. The cluster's resource is also its incarnation, since etcd lives and ends with it.
 */
export class MagnumCluster extends pulumi.ComponentResource implements Cluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly apiUrl: pulumi.Output<string>;
  readonly caPem: pulumi.Output<string>;
  readonly incarnation: pulumi.Resource;
  readonly provider: k8s.Provider;
  private readonly cluster: openstack.containerinfra.Cluster;

  /** @param opts its `providers` has the OpenStack provider */
  constructor(name: string, args: MagnumClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cluster:MagnumCluster", name, {}, opts);
    const { siteName, magnum } = args;
    this.cluster = new openstack.containerinfra.Cluster(
      name,
      {
        name: siteName,
        clusterTemplateId: this.templateId(name, args),
        masterCount: magnum.masters.count,
        masterFlavor: magnum.masters.flavor.name,
        nodeCount: magnum.defaultWorkers.count,
        flavor: magnum.defaultWorkers.flavor.name,
        // Without it the labels of the site file would take the place of all of the template's.
        mergeLabels: true,
        labels: clusterLabels(magnum),
        // Always given: the provider sends an explicit false for a key that is left out.
        floatingIpEnabled: magnum.floatingIp,
        createTimeout: magnum.createTimeoutMinutes,
        ...(magnum.keyPair === undefined ? {} : { keypair: magnum.keyPair }),
        ...(magnum.fixedNetwork === undefined ? {} : { fixedNetwork: magnum.fixedNetwork }),
        ...(magnum.fixedSubnet === undefined ? {} : { fixedSubnet: magnum.fixedSubnet }),
      },
      {
        parent: this,
        // Nearly every change would replace the cluster with all jobs in it.
        protect: true,
        ignoreChanges: [...CLUSTER_FIXED],
        // Two clusters at a time would need twice the quota.
        deleteBeforeReplace: true,
        customTimeouts: { create: `${magnum.createTimeoutMinutes + 5}m` },
      },
    );
    this.incarnation = this.cluster;
    for (const { name: group, ...plan } of nodeGroups(magnum)) {
      const scales = magnum.pools[group]?.autoscaling !== undefined;
      new openstack.containerinfra.NodeGroup(
        `${name}-${group}`,
        { clusterId: this.cluster.id, name: group, ...plan },
        {
          parent: this,
          // The autoscaler owns the number of nodes; else every `up` would undo what it did.
          ignoreChanges: [...NODE_GROUP_FIXED, ...(scales ? ["nodeCount"] : [])],
          deletedWith: this.cluster,
          replaceWith: [this.cluster],
        },
      );
    }
    const given = pulumi.secret(this.usableKubeconfig(args));
    this.kubeconfig = given.apply(({ raw_config = "" }) => raw_config);
    this.caPem = pulumi.unsecret(given.apply(({ cluster_ca_certificate = "" }) => cluster_ca_certificate));
    this.apiUrl = this.cluster.apiAddress;
    this.provider = new k8s.Provider(
      name,
      { kubeconfig: this.kubeconfig, clusterIdentifier: siteName, ...OBJECTS_CHANGE_IN_PLACE },
      { parent: this },
    );
    this.registerOutputs({ apiUrl: this.apiUrl });
  }

  private templateId(name: string, { siteName, magnum, api }: MagnumClusterArgs): pulumi.Output<string> {
    const { template } = magnum;
    if ("name" in template) {
      return pulumi.output(publicTemplate(template.name, siteName, api, { parent: this }));
    }
    const { image, externalNetwork, networkDriver, masterLoadBalancer, dnsNameserver, labels } = template.declared;
    return new openstack.containerinfra.ClusterTemplate(
      `${name}-template`,
      {
        name: siteName,
        coe: "kubernetes",
        serverType: "vm",
        image,
        externalNetworkId: externalNetwork,
        networkDriver,
        masterLbEnabled: masterLoadBalancer,
        floatingIpEnabled: magnum.floatingIp,
        masterFlavor: magnum.masters.flavor.name,
        flavor: magnum.defaultWorkers.flavor.name,
        ...(dnsNameserver === undefined ? {} : { dnsNameserver }),
        labels: labelTexts(labels),
      },
      // Magnum refuses every change of a template that a cluster uses.
      { parent: this, ignoreChanges: TEMPLATE_FIXED },
    ).id;
  }

  /** The provider's kubeconfig, held back until Magnum calls the cluster created and its API answers; not in a preview. */
  private usableKubeconfig({ siteName, magnum, api }: MagnumClusterArgs): pulumi.Output<ProvidedKubeconfig> {
    const { cluster } = this;
    const ofPools = nodeGroups(magnum).map(({ name, flavorId }) => [name, flavorId] as const);
    const flavors = { ...Object.fromEntries(ofPools), [DEFAULT_WORKERS]: magnum.defaultWorkers.flavor.name };
    const deadlineMs = magnum.apiDeadlineMinutes * 60_000;
    return pulumi.all([cluster.id, cluster.urn, cluster.kubeconfig]).apply(async ([id, urn, kubeconfig]) => {
      const given = kubeconfig as ProvidedKubeconfig;
      if (pulumi.runtime.isDryRun()) {
        return given;
      }
      const created = { siteName, id, urn, kubeconfig: given, flavors, deadlineMs };
      return usableKubeconfig(created, api, (warning) => void pulumi.log.warn(warning, this));
    });
  }
}

/** All that a template is made from. */
const TEMPLATE_FIXED = [
  "coe",
  "dnsNameserver",
  "externalNetworkId",
  "flavor",
  "floatingIpEnabled",
  "image",
  "labels",
  "masterFlavor",
  "masterLbEnabled",
  "name",
  "networkDriver",
  "serverType",
];

/**
 * Id of a template of the cloud. A cluster that exists needs none, so a template that was retired since is no error then.
 * @throws Error with the templates there are
 */
async function publicTemplate(
  template: string,
  siteName: string,
  api: MagnumApi,
  opts: pulumi.InvokeOptions,
): Promise<string> {
  try {
    const found = await openstack.containerinfra.getClusterTemplate({ name: template }, opts);
    return found.id;
  } catch (error) {
    if ((await api.cluster(siteName)) !== undefined) {
      // Never used: the cluster ignores a change of its template.
      return template;
    }
    const offered = await api.templates();
    if (offered.includes(template)) {
      throw error;
    }
    throw withoutStack(
      `atlas-site:cluster template.name: Magnum offers no template "${template}"; it offers ` +
        `${offered.join(", ") || "none to this project"}. Write one of them.`,
    );
  }
}
