/** Pods as policies see them: every template of an object, and what is asked about it again and again. */
import type { Field } from "./field";
import type { KubernetesObject } from "./objects";
import type { Settings } from "./settings";

/** What a pod is for: `batch` runs payload of users, `infrastructure` is everything of the site's own. */
export type Workload = "batch" | "infrastructure";

/** The lists of containers a pod may have. */
export const CONTAINER_LISTS = ["containers", "initContainers", "ephemeralContainers"] as const;

/** A pod, or what one will be made from. */
export interface Pod {
  /** The object the template stands in; for a bare pod, the pod. */
  readonly object: KubernetesObject;
  readonly metadata: Field;
  readonly spec: Field;
  readonly workload: Workload;
}

/** Where a kind keeps its pod template. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ["template"],
  Deployment: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** Kinds whose pods the pack finds by the kind alone. */
export const POD_KINDS: readonly string[] = Object.keys(TEMPLATES);

/** Pods of an object: one for each kind that has a template, also for a foreign kind built like a Deployment; else none. */
export function podsOf(object: KubernetesObject, settings: Settings): Pod[] {
  const place = TEMPLATES[object.kind];
  const template = object.root.at(...(place ?? ["spec", "template"]));
  const spec = template.at("spec");
  if (place === undefined && !(spec.at("containers").known && Array.isArray(spec.at("containers").value))) {
    return [];
  }
  return [{ object, metadata: template.at("metadata"), spec, workload: workloadOf(object, settings) }];
}

/** Whether the pods of an object run payload. */
function workloadOf(object: KubernetesObject, settings: Settings): Workload {
  const inBatchNamespace = settings.batchNamespaces.includes(object.namespace);
  const job = object.kind === "Job" && !settings.infrastructureNamespaces.includes(object.namespace);
  return settings.batchPods === "all" || inBatchNamespace || job ? "batch" : "infrastructure";
}

/** Containers of a pod, of these lists or of all. @throws UnknownField when a list is not known */
export function containersOf(pod: Pod, lists: readonly (typeof CONTAINER_LISTS)[number][] = CONTAINER_LISTS): Field[] {
  return lists.flatMap((list) => pod.spec.at(list).items);
}

/** How a message calls a container: its name, or its place. */
export function nameOf(container: Field): string {
  const name = container.at("name");
  return name.known && typeof name.value === "string" ? `container "${name.value}"` : container.path;
}
