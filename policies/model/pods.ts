/** Pods as policies see them: every template of an object, and what is asked about it again and again. */
import type { Field } from "./field";
import { hiddenPods, type HiddenPods } from "./hiddenPods";
import { groupOf, type KubernetesObject } from "./objects";
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

/** Groups of Kubernetes' own kinds; elsewhere a kind of the same name is another one: Volcano has a Job, too. */
const NATIVE_GROUPS: ReadonlySet<string> = new Set(["", "apps", "batch", "extensions"]);

function isNative(object: KubernetesObject): boolean {
  return Object.hasOwn(TEMPLATES, object.kind) && NATIVE_GROUPS.has(groupOf(object));
}

/** What was found in an object before: every policy on pods asks for the same. */
const seen = new WeakMap<KubernetesObject, HiddenPods>();

function hiddenIn(object: KubernetesObject): HiddenPods {
  const found = seen.get(object) ?? hiddenPods(object);
  seen.set(object, found);
  return found;
}

/** Pods of an object: one for each kind that has a template, those found by their shape in foreign kinds; else none. */
export function podsOf(object: KubernetesObject, settings: Settings): Pod[] {
  const workload = workloadOf(object, settings);
  if (!isNative(object)) {
    return hiddenIn(object).templates.map((template) => ({ object, ...template, workload }));
  }
  const template = object.root.at(...(TEMPLATES[object.kind] ?? []));
  return [{ object, metadata: template.at("metadata"), spec: template.at("spec"), workload }];
}

/** Paths where an object of a foreign kind describes a container and the pack cannot find the pod around it. */
export function podsNotJudged(object: KubernetesObject): readonly string[] {
  return isNative(object) ? [] : hiddenIn(object).unknown;
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
