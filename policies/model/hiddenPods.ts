/**
 * Pod templates in kinds that the pack does not know (Argo, JobSet, Kueue, Ray, Tekton, …), found by their shape: a list
 * `containers` with the rest of a pod's spec beside it, an Argo template with one `container`, a Tekton task with `steps`, a
 * `driver` and an `executor` of Spark, a `predictor` of KServe with a `model`.
 */
import { Field } from "./field";
import { groupOf, type KubernetesObject } from "./objects";

/** A pod's template in a foreign kind. */
export interface Template {
  readonly metadata: Field;
  readonly spec: Field;
}

/** Templates of an object, and what looks like a container outside of any. */
export interface HiddenPods {
  readonly templates: readonly Template[];
  /** Paths. */
  readonly unknown: readonly string[];
}

/** Groups whose objects describe patterns of pods, or schemas, and make none. */
const NO_PODS =
  /^(apiextensions\.k8s\.io|admissionregistration\.k8s\.io|(.*\.)?kyverno\.io|(.*\.)?gatekeeper\.sh|kustomize\.config\.k8s\.io)$/;

/** What a container has beside its image; an image alone may be anything, a machine's or a chart's. */
const OF_CONTAINERS = ["command", "args", "env", "envFrom", "resources", "securityContext", "volumeMounts", "ports"];

/** Values of an object that are looked at; no manifest has more. */
const MOST_VALUES = 200_000;

function members(field: Field): [string | number, Field][] {
  if (!field.known) {
    return [];
  }
  return Array.isArray(field.value) ? field.items.map((item, index) => [index, item]) : field.entries;
}

function isMap(field: Field): boolean {
  return field.known && typeof field.value === "object" && field.value !== null && !Array.isArray(field.value);
}

function hasImage(field: Field): boolean {
  const image = field.at("image");
  return isMap(field) && image.known && typeof image.value === "string";
}

/** A list of maps, of which some look like containers. */
function isContainerList(field: Field): boolean {
  const items = field.known ? field.items : [];
  const named = (item: Field) => item.at("name").known && item.at("name").present;
  return items.length > 0 && items.every(isMap) && items.some((item) => hasImage(item) || named(item));
}

function present(field: Field): boolean {
  return !field.known || field.present;
}

/** Containers of an Argo template or a Tekton task; none where it is neither. */
function singleContainers(field: Field): Field[] {
  const single = ["container", "script"].map((key) => field.at(key)).filter(hasImage);
  // KServe's container of a model has its image from the model's format.
  const models = isMap(field) ? field.entries.map(([, member]) => member).filter(isModel) : [];
  const lists = [field.at("containerSet", "containers"), field.at("steps")];
  const listed = lists
    .filter((list) => isContainerList(list) && list.items.some(hasImage))
    .flatMap(({ items }) => items);
  return [...single, ...models, ...listed];
}

/** Whether a map is KServe's container of a model, by what is loaded into it. */
function isModel(field: Field): boolean {
  return isMap(field) && ["modelFormat", "storageUri"].some((key) => present(field.at(key)));
}

/** Parts of Spark's application that become a pod each: container and pod in one map, some of it said for both above. */
const SPARK = ["driver", "executor"];

function sparkPods(field: Field): Template[] {
  const parts = SPARK.map((key) => field.at(key)).filter(isMap);
  const isSpark = ["mainApplicationFile", "sparkVersion"].some((key) => present(field.at(key)));
  return isSpark && parts.length > 0 ? parts.map((part) => sparkPod(part, field)) : [];
}

function sparkPod(part: Field, application: Field): Template {
  const own = Object.fromEntries(part.entries);
  const container = Field.mapOf({ image: application.at("image"), ...own }, part.path);
  const spec = Field.mapOf(
    {
      ...own,
      securityContext: part.at("podSecurityContext"),
      containers: Field.listOf([container], part.path),
      volumes: application.at("volumes"),
    },
    part.path,
  );
  return { metadata: part, spec };
}

/** The pod that such a template makes: what it does not say itself, the spec around it says for all. */
function assembled(field: Field, containers: readonly Field[], around: Field | undefined): Template {
  const outer = around === undefined ? [] : around.entries;
  const own = field.entries;
  const sidecars = [field.at("sidecars")].filter(isContainerList).flatMap(({ items }) => items);
  const volumes = [around?.at("volumes"), field.at("volumes")].flatMap((list) => (list?.known ? list.items : []));
  const spec = Field.mapOf(
    {
      ...Object.fromEntries([...outer, ...own].filter(([, value]) => present(value))),
      containers: Field.listOf([...containers, ...sidecars], field.path),
      volumes: Field.listOf(volumes, field.path),
    },
    field.path,
  );
  return { metadata: field.at("metadata"), spec };
}

/** Searches an object of a foreign kind. */
class Search {
  readonly templates: Template[] = [];
  readonly unknown: string[] = [];
  private looked = 0;

  /**
   * @param field what to search
   * @param parent what it stands in
   * @param around the nearest spec above, which may say things for all templates in it
   */
  visit(field: Field, parent: Field | undefined, around: Field | undefined): void {
    this.looked += 1;
    if (this.looked > MOST_VALUES) {
      return;
    }
    if (isMap(field) && this.found(field, parent, around)) {
      return;
    }
    for (const [key, member] of members(field)) {
      const isSpec = typeof key === "string" && /^(spec|\w*Spec)$/.test(key) && isMap(member);
      this.visit(member, field, isSpec ? member : around);
    }
  }

  /** Whether the map is a pod or a container, so that what is below it is judged, or told, already. */
  private found(field: Field, parent: Field | undefined, around: Field | undefined): boolean {
    if (isContainerList(field.at("containers"))) {
      this.templates.push({ metadata: parent?.at("metadata") ?? field.at("metadata"), spec: field });
      return true;
    }
    const spark = sparkPods(field);
    if (spark.length > 0) {
      this.templates.push(...spark);
      return true;
    }
    const containers = singleContainers(field);
    if (containers.length > 0) {
      this.templates.push(assembled(field, containers, around));
      return true;
    }
    if (hasImage(field) && OF_CONTAINERS.some((key) => present(field.at(key)))) {
      this.unknown.push(field.path);
      return true;
    }
    return false;
  }
}

/** Finds the pods of an object whose kind the pack does not know. */
export function hiddenPods(object: KubernetesObject): HiddenPods {
  if (NO_PODS.test(groupOf(object))) {
    return { templates: [], unknown: [] };
  }
  // Built like a Deployment it has a pod, even where the list of containers is empty.
  const template = object.root.at("spec", "template");
  const list = template.at("spec", "containers");
  if (list.known && Array.isArray(list.value)) {
    return { templates: [{ metadata: template.at("metadata"), spec: template.at("spec") }], unknown: [] };
  }
  const search = new Search();
  search.visit(object.root, undefined, undefined);
  return search;
}
