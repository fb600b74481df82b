import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { rollout } from "../kubernetes/contentHash";
import { LOOPBACK_DOOR_FILES, CONTROL_PLANE_METRICS, controlPlanePod, PROXY_RIGHTS } from "./controlPlane";
import { grant } from "../kubernetes/grant";
import { labelsOf } from "../kubernetes/names";
import { daemonSet } from "../kubernetes/workloads";

/** What the `ControlPlaneMetrics` are made from. */
export interface ControlPlaneMetricsArgs {
  /** Namespace of what looks into the nodes; its Pod Security level must be privileged. */
  namespace: pulumi.Input<string>;
  /** Mirror of all images; undefined: their own registries. */
  registryPrefix?: string;
}

/**
 * The way to the metrics of scheduler, controller-manager and etcd on the machines of a kubeadm control plane, where all
 * three stay bound to loopback. Nobody reads without a token that the API allows to read metrics.
 */
export class ControlPlaneMetrics extends pulumi.ComponentResource {
  constructor(name: string, args: ControlPlaneMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:ControlPlaneMetrics", name, {}, opts);
    const parent = { parent: this };
    const labels = labelsOf(CONTROL_PLANE_METRICS);
    const metadata = { name: CONTROL_PLANE_METRICS, namespace: args.namespace, labels };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const wide = { name: `atlas-site-${CONTROL_PLANE_METRICS}`, labels };
    const rights = grant(name, { to: account, metadata: wide, rules: PROXY_RIGHTS }, parent);
    const program = new k8s.core.v1.ConfigMap(name, { metadata, data: LOOPBACK_DOOR_FILES }, parent);
    daemonSet(
      name,
      { metadata, pod: controlPlanePod(args.registryPrefix), annotations: rollout("program", LOOPBACK_DOOR_FILES) },
      { ...parent, dependsOn: [rights, program] },
    );
    this.registerOutputs({});
  }
}
