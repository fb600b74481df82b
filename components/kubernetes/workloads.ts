/** Shapes of the workloads of the site's own services; plain functions, so a resource's URN is its component's. */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { volumeSize } from "./resources";
import { type Transform, transformed } from "./transform";

/** Name, namespace and labels of an object; the labels select the pods. */
export interface WorkloadMetadata {
  name: string;
  namespace: pulumi.Input<string>;
  labels: Record<string, string>;
}

/** What every workload is made from. */
export interface WorkloadArgs<Resource extends object> {
  /** Name, namespace and labels. */
  metadata: WorkloadMetadata;
  /** The pod's spec. */
  pod: k8s.types.input.core.v1.PodSpec;
  /** Annotations of the pod template: a change of one replaces the pods (`rollout`). */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** A change to the object before it is registered; default: none. */
  transform?: Transform<Resource>;
}

/** Metadata of an object that `pulumi up` does not wait for. */
export function unawaited<Metadata extends object>(metadata: Metadata) {
  return { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } };
}

type Templated = Pick<WorkloadArgs<object>, "metadata" | "annotations" | "pod">;

function podTemplate({ metadata: { labels }, annotations, pod }: Templated) {
  return { metadata: { labels, ...(annotations === undefined ? {} : { annotations }) }, spec: pod };
}

/** What a `daemonSet` is made from. */
export interface DaemonSetArgs extends WorkloadArgs<k8s.apps.v1.DaemonSetArgs> {
  /** How a change reaches the nodes: `rolling`, a tenth of them at a time (default), or only when a pod is deleted. */
  update?: "rolling" | "onDelete";
}

/** One pod on each node. `pulumi up` does not wait for it: nodes join and leave at any time. */
export function daemonSet(name: string, args: DaemonSetArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const updateStrategy =
    args.update === "onDelete"
      ? { type: "OnDelete" }
      : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } };
  return new k8s.apps.v1.DaemonSet(
    ...transformed<k8s.apps.v1.DaemonSetArgs>(
      args.transform,
      name,
      {
        metadata: unawaited(args.metadata),
        spec: { selector: { matchLabels: args.metadata.labels }, updateStrategy, template: podTemplate(args) },
      },
      opts,
    ),
  );
}

/** What a `deployment` is made from. */
export interface DeploymentArgs extends WorkloadArgs<k8s.apps.v1.DeploymentArgs> {
  /** Whether the old pod ends before the new one starts; default: a rolling update. */
  recreate?: boolean;
  /** Whether `pulumi up` waits until the pod is ready. Default: it does not, so a machine that is away fails no update. */
  awaited?: boolean;
}

/** One pod, on any machine that its placement allows. */
export function deployment(name: string, args: DeploymentArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  return new k8s.apps.v1.Deployment(
    ...transformed<k8s.apps.v1.DeploymentArgs>(
      args.transform,
      name,
      {
        metadata: args.awaited === true ? args.metadata : unawaited(args.metadata),
        spec: {
          replicas: 1,
          ...(args.recreate === true ? { strategy: { type: "Recreate" } } : {}),
          selector: { matchLabels: args.metadata.labels },
          template: podTemplate(args),
        },
      },
      opts,
    ),
  );
}

/** A volume that a StatefulSet claims for each of its pods. */
export interface ClaimTemplate {
  /** Name of the volume in the pod. */
  volume: string;
  /** Storage class. */
  storageClass: string;
  /** GiB. */
  sizeGb: number;
  /** What happens to the claims when the StatefulSet is deleted or scaled down. Default Retain: no change takes data away. */
  whenUnused?: "Retain" | "Delete";
}

/** What a `statefulSet` is made from. */
export interface StatefulSetArgs extends WorkloadArgs<k8s.apps.v1.StatefulSetArgs> {
  /** Name of the Service that names the pods. */
  serviceName: pulumi.Input<string>;
  /** Pods; default 1. With a number given they start and end concurrently, so they must not depend on each other. */
  replicas?: number;
  /** Volume of each pod; absent: the pod mounts claims that exist on their own. */
  claim?: ClaimTemplate;
}

/**
 * Pods with stable names and, where asked, a volume each. `pulumi up` does not wait for them: a machine that is away must
 * not fail an update of the site.
 */
export function statefulSet(name: string, args: StatefulSetArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { metadata, serviceName, replicas, claim } = args;
  return new k8s.apps.v1.StatefulSet(
    ...transformed<k8s.apps.v1.StatefulSetArgs>(
      args.transform,
      name,
      {
        metadata: unawaited(metadata),
        spec: {
          serviceName,
          replicas: replicas ?? 1,
          ...(replicas === undefined ? {} : { podManagementPolicy: "Parallel" }),
          selector: { matchLabels: metadata.labels },
          template: podTemplate(args),
          ...(claim === undefined ? {} : claimTemplates(claim, metadata.labels)),
        },
      },
      opts,
    ),
  );
}

function claimTemplates(claim: ClaimTemplate, labels: Record<string, string>) {
  const { volume, storageClass, sizeGb, whenUnused = "Retain" } = claim;
  return {
    persistentVolumeClaimRetentionPolicy: { whenDeleted: whenUnused, whenScaled: whenUnused },
    volumeClaimTemplates: [{ metadata: { name: volume, labels }, spec: claimSpec(storageClass, sizeGb) }],
  };
}

/** Spec of a claim that one pod mounts. */
export function claimSpec(storageClass: string, sizeGb: number) {
  return {
    accessModes: ["ReadWriteOnce"],
    storageClassName: storageClass,
    resources: { requests: { storage: volumeSize(sizeGb) } },
  };
}

/** Spec of the Service by which others in the cluster find pods; the pods' port has the same name. */
export function serviceSpec(selector: Record<string, string>, portName: string, port: number) {
  return { selector, ports: [{ name: portName, port, targetPort: portName }] };
}
