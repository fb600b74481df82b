import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { NODE_EXPORTER, nodeExporterPod } from "./nodeExporterPod";
import { labelsOf } from "../kubernetes/names";
import { daemonSet } from "../kubernetes/workloads";

/** What a `NodeExporter` is made from. */
export interface NodeExporterArgs {
  /** Namespace of what looks into the nodes; its Pod Security level must be privileged. */
  namespace: pulumi.Input<string>;
  /** Mirror of all images; undefined: their own registries. */
  registryPrefix?: string;
}

/** node-exporter on every machine: it reads the machine's figures, and has no right in the cluster. */
export class NodeExporter extends pulumi.ComponentResource {
  constructor(name: string, args: NodeExporterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:NodeExporter", name, {}, opts);
    const parent = { parent: this };
    const labels = labelsOf(NODE_EXPORTER);
    const metadata = { name: NODE_EXPORTER, namespace: args.namespace, labels };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    daemonSet(name, { metadata, pod: nodeExporterPod(args.registryPrefix) }, { ...parent, dependsOn: [account] });
    this.registerOutputs({});
  }
}
