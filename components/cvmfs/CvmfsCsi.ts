import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CsiCvmfs } from "../../stacks/site/site";
import type { SiteContext } from "../cluster/siteContext";
import { CONFIG_MAPS, configMapData } from "./csi/configuration";
import { controllerPod, leaseRights, provisionerRights } from "./csi/controller";
import { controllerPolicy, nodePluginPolicy } from "./csi/networkPolicy";
import { nodePluginPod } from "./csi/nodePlugin";
import { CSI_DRIVER, CVMFS_CLASS } from "./names";
import { rollout } from "../kubernetes/contentHash";
import { grant } from "../kubernetes/grant";
import { labelsOf } from "../kubernetes/names";
import { daemonSet, deployment } from "../kubernetes/workloads";

/** What `CvmfsCsi` is made from. */
export interface CvmfsCsiArgs extends SiteContext {
  /** The stack file's section of CVMFS. */
  cvmfs: CsiCvmfs;
  /** Namespace of the driver, held to Pod Security level privileged; it must be there already. */
  namespace: pulumi.Input<string>;
}

const NODE_PLUGIN = "cvmfs-csi-nodeplugin";
const CONTROLLER = "cvmfs-csi-controller";

/**
 * The driver cvmfs-csi, declared natively, with what its chart leaves open fixed. What is deleted goes in the order claims,
 * storage class, driver's pods, driver: pods of a volume whose driver is gone never end.
 */
export class CvmfsCsi extends pulumi.ComponentResource {
  constructor(name: string, args: CvmfsCsiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:cvmfs:CvmfsCsi", name, {}, opts);
    const parent = { parent: this };
    const driver = new k8s.storage.v1.CSIDriver(
      name,
      {
        metadata: { name: CSI_DRIVER },
        spec: {
          attachRequired: false,
          podInfoOnMount: false,
          // Nothing of a read-only file system can be given another owner.
          fsGroupPolicy: "None",
          // A volume inline in a pod, which the driver does not know, is refused at once.
          volumeLifecycleModes: ["Persistent"],
        },
      },
      parent,
    );
    const nodePlugin = this.createNodePlugin(name, args, driver);
    const controller = this.createController(name, args, driver);
    new k8s.storage.v1.StorageClass(
      name,
      {
        metadata: { name: CVMFS_CLASS },
        provisioner: CSI_DRIVER,
        reclaimPolicy: "Delete",
        volumeBindingMode: "Immediate",
        allowVolumeExpansion: false,
      },
      { ...parent, dependsOn: [nodePlugin, controller] },
    );
    this.registerOutputs({});
  }

  private createNodePlugin(name: string, args: CvmfsCsiArgs, driver: pulumi.Resource): pulumi.Resource {
    const parent = { parent: this };
    const { cvmfs, namespace } = args;
    const labels = labelsOf(NODE_PLUGIN);
    const metadata = { name: NODE_PLUGIN, namespace, labels };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-node`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const data = configMapData(args);
    const configMaps = (Object.keys(CONFIG_MAPS) as (keyof typeof CONFIG_MAPS)[]).map(
      (map) =>
        new k8s.core.v1.ConfigMap(
          `${name}-${CONFIG_MAPS[map].replace("cvmfs-csi-", "")}`,
          { metadata: { ...metadata, name: CONFIG_MAPS[map] }, data: data[map] },
          parent,
        ),
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      `${name}-node`,
      { metadata, spec: nodePluginPolicy(cvmfs, labels) },
      parent,
    );
    return daemonSet(
      `${name}-node`,
      {
        metadata,
        pod: { ...nodePluginPod(args, cvmfs), serviceAccountName: account.metadata.name },
        // Pods see a file by subPath as it was when they started, so a change must be a change of the template.
        annotations: rollout("configuration", data),
        // A new node plugin breaks the mounts of the jobs on its node, so only the pod's deletion, after a drain, brings it.
        update: "onDelete",
      },
      { ...parent, dependsOn: [driver, policy, ...configMaps] },
    );
  }

  private createController(name: string, args: CvmfsCsiArgs, driver: pulumi.Resource): pulumi.Resource {
    const parent = { parent: this };
    const { namespace } = args;
    const resourceName = `${name}-controller`;
    const labels = labelsOf(CONTROLLER);
    const metadata = { name: CONTROLLER, namespace, labels };
    const account = new k8s.core.v1.ServiceAccount(
      resourceName,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const rights = this.grantProvisioning(resourceName, account, labels);
    const policy = new k8s.networking.v1.NetworkPolicy(
      resourceName,
      { metadata, spec: controllerPolicy(args, labels) },
      parent,
    );
    // One pod is enough: only a new claim waits for it.
    const pod = { ...controllerPod(args.site.registryPrefix), serviceAccountName: account.metadata.name };
    return deployment(
      resourceName,
      { metadata, pod, awaited: true },
      { ...parent, dependsOn: [driver, policy, ...rights] },
    );
  }

  private grantProvisioning(
    name: string,
    account: k8s.core.v1.ServiceAccount,
    labels: Record<string, string>,
  ): pulumi.Resource[] {
    const parent = { parent: this };
    const clusterWide = { name: `atlas-site-${CONTROLLER}`, labels };
    const inNamespace = { name: CONTROLLER, namespace: account.metadata.namespace, labels };
    return [
      grant(name, { to: account, metadata: clusterWide, rules: provisionerRights() }, parent),
      grant(name, { to: account, metadata: inNamespace, rules: leaseRights() }, parent),
    ];
  }
}
