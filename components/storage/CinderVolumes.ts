import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { contentHash } from "../kubernetes/contentHash";
import { CINDER_DRIVER, controllerPod, controllerRights, leaseRights, nodePod } from "./cinderDriver";
import { CINDER_CLASS } from "./plan";
import { grant } from "../kubernetes/grant";
import { labelsOf } from "../kubernetes/names";
import { daemonSet, deployment } from "../kubernetes/workloads";

/** What `CinderVolumes` are made from. */
export interface CinderVolumesArgs {
  /** Site name: Cinder's volumes carry it, so that an administrator knows whose they are. */
  siteName: string;
  /** The driver's `cloud.conf`; kept secret, and given to the controller alone. */
  credentials: pulumi.Input<string>;
  /** Cinder volume type; undefined: Cinder's default. */
  volumeType?: string;
  /** Mirror of all images; undefined: their own registries. */
  registryPrefix?: string;
}

const NAMESPACE = "atlas-site-storage";
const CONTROLLER = labelsOf("cinder-csi-controller");
const NODE = labelsOf("cinder-csi-node");

/** Tells one content from another and nothing about it: eight digits are no use for guessing a password. */
function shortHash(text: string): string {
  return contentHash(text).slice(0, 8);
}

/** Volumes of Cinder by its CSI driver, declared natively; why without a chart and without a cloud controller: decision 11. */
export class CinderVolumes extends pulumi.ComponentResource {
  constructor(name: string, args: CinderVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:storage:CinderVolumes", name, {}, opts);
    const parent = { parent: this };
    const namespace = this.createNamespace(name);
    const driver = new k8s.storage.v1.CSIDriver(
      name,
      {
        metadata: { name: CINDER_DRIVER },
        spec: { attachRequired: true, podInfoOnMount: true, volumeLifecycleModes: ["Persistent"] },
      },
      parent,
    );
    const controller = this.createController(name, args, namespace);
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-node`,
      { metadata: { name: "cinder-csi-node", namespace }, automountServiceAccountToken: false },
      parent,
    );
    const node = daemonSet(
      `${name}-node`,
      {
        metadata: { name: "cinder-csi-node", namespace, labels: NODE },
        pod: nodePod(args, account.metadata.name),
      },
      { ...parent, dependsOn: [driver] },
    );
    new k8s.storage.v1.StorageClass(
      name,
      {
        metadata: { name: CINDER_CLASS },
        provisioner: CINDER_DRIVER,
        // The zone of a volume follows the node of the pod that wants it.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        // Claims that hold data are protected in the program; what is deleted there on purpose shall not be paid for ever.
        reclaimPolicy: "Delete",
        parameters: {
          "csi.storage.k8s.io/fstype": "ext4",
          ...(args.volumeType === undefined ? {} : { type: args.volumeType }),
        },
      },
      { ...parent, dependsOn: [controller, node] },
    );
    this.registerOutputs({});
  }

  /** Privileged pods on the host's network: a namespace of their own, closed to every pod. */
  private createNamespace(name: string): pulumi.Output<string> {
    const made = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name: NAMESPACE,
          labels: { "atlas-site/infrastructure": "true", "pod-security.kubernetes.io/enforce": "privileged" },
        },
      },
      { parent: this },
    );
    const namespace = made.metadata.name;
    new k8s.networking.v1.NetworkPolicy(
      name,
      { metadata: { name: "no-ingress", namespace }, spec: { podSelector: {}, policyTypes: ["Ingress"] } },
      { parent: this },
    );
    return namespace;
  }

  private createController(name: string, args: CinderVolumesArgs, namespace: pulumi.Output<string>): pulumi.Resource {
    const parent = { parent: this };
    const metadata = { name: "cinder-csi-controller", namespace };
    const account = new k8s.core.v1.ServiceAccount(`${name}-controller`, { metadata }, parent);
    const clusterWide = { name: "cinder-csi-controller" };
    const rights = [
      grant(`${name}-controller`, { to: account, metadata: clusterWide, rules: controllerRights() }, parent),
      grant(`${name}-controller`, { to: account, metadata, rules: leaseRights() }, parent),
    ];
    const credentials = pulumi.secret(args.credentials);
    const secret = new k8s.core.v1.Secret(
      `${name}-credentials`,
      { metadata: { name: "cinder-credentials", namespace }, stringData: { "cloud.conf": credentials } },
      parent,
    );
    return deployment(
      `${name}-controller`,
      {
        metadata: { ...metadata, labels: CONTROLLER },
        pod: controllerPod(args, account.metadata.name, secret.metadata.name),
        // The controller reads its credentials only when it starts.
        annotations: { "atlas-site/credentials-hash": credentials.apply(shortHash) },
        awaited: true,
      },
      { ...parent, dependsOn: rights },
    );
  }
}
