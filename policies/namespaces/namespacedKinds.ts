/** Which kinds have a namespace, and which objects of the namespace default are Kubernetes' own. */
import { isOfKind, type KubernetesObject } from "../model/objects";

/** Kinds of Kubernetes' own APIs that live in a namespace (1.37, `kubectl api-resources --namespaced`), by group. */
const NAMESPACED: Readonly<Record<string, readonly string[]>> = {
  "": [
    ...["ConfigMap", "Endpoints", "Event", "LimitRange", "PersistentVolumeClaim", "Pod", "PodTemplate"],
    ...["ReplicationController", "ResourceQuota", "Secret", "Service", "ServiceAccount"],
  ],
  apps: ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  autoscaling: ["HorizontalPodAutoscaler"],
  batch: ["CronJob", "Job"],
  "coordination.k8s.io": ["Lease", "LeaseCandidate"],
  "discovery.k8s.io": ["EndpointSlice"],
  "events.k8s.io": ["Event"],
  extensions: ["DaemonSet", "Deployment", "Ingress", "NetworkPolicy", "ReplicaSet"],
  "networking.k8s.io": ["Ingress", "NetworkPolicy"],
  policy: ["PodDisruptionBudget"],
  "rbac.authorization.k8s.io": ["Role", "RoleBinding"],
  "resource.k8s.io": ["ResourceClaim", "ResourceClaimTemplate"],
  "scheduling.k8s.io": ["PodGroup", "Workload"],
  "storage.k8s.io": ["CSIStorageCapacity"],
};

const KINDS = Object.entries(NAMESPACED).flatMap(([group, kinds]) => kinds.map((kind) => `${group}/${kind}`));

/** Kinds without apiVersion are read as Kubernetes' own: a file that leaves it out means those. */
const BARE_KINDS = new Set(Object.values(NAMESPACED).flat());

/** Whether an object's kind is one of Kubernetes' own that live in a namespace. */
export function isNamespaced(object: KubernetesObject): boolean {
  return object.apiVersion === "" ? BARE_KINDS.has(object.kind) : isOfKind(object, KINDS);
}

/** Objects that every cluster has in the namespace default, made by its API server and controllers, as `Kind name`. */
const OF_KUBERNETES: ReadonlySet<string> = new Set([
  "Service kubernetes",
  "Endpoints kubernetes",
  "EndpointSlice kubernetes",
  "ServiceAccount default",
  "ConfigMap kube-root-ca.crt",
]);

/** Whether an object of the namespace default is one that Kubernetes makes there itself. */
export function isMadeByKubernetes({ kind, name }: KubernetesObject): boolean {
  return OF_KUBERNETES.has(`${kind} ${name}`);
}
