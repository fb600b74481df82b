/** The namespaces that payload runs in. */
import { isOfKind, type KubernetesObject } from "../model/objects";
import { cautiously, each, notApplicable, type Answer, type Finding } from "../model/policy";
import type { Settings } from "../model/settings";
import { labelsOf, selects } from "./selectors";

/** Label of a queue's namespace, with the PanDA queue as value. */
export const QUEUE_LABEL = "atlas-site/queue";

/** Namespaces among the objects that belong to a queue: by their label, or by the setting batchNamespaces. */
export function batchNamespaces(objects: readonly KubernetesObject[], settings: Settings): KubernetesObject[] {
  return objects.filter((object) => {
    if (object.kind !== "Namespace" || object.apiVersion !== "v1") {
      return false;
    }
    const labels = object.root.at("metadata", "labels");
    return settings.batchNamespaces.includes(object.name) || (labels.known && labels.keys.includes(QUEUE_LABEL));
  });
}

/** Findings about each namespace of a queue, as findings about that namespace. */
export function eachBatchNamespace(
  objects: readonly KubernetesObject[],
  settings: Settings,
  find: (namespace: KubernetesObject, inside: readonly KubernetesObject[]) => readonly Finding[] | Finding | undefined,
): Answer {
  const namespaces = batchNamespaces(objects, settings);
  if (namespaces.length === 0) {
    return notApplicable("there is no namespace of a queue");
  }
  return each(namespaces, (namespace) => {
    const inside = objects.filter((object) => object.namespace === namespace.name);
    return cautiously(() => find(namespace, inside)).map((finding) => ({ ...finding, subject: namespace.id }));
  });
}

/** Whether an admission policy that refuses is bound to a namespace. @throws UnknownField */
export function hasDenyingAdmission(namespace: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
  const labels = {
    ...labelsOf(namespace.root.at("metadata")),
    // Every namespace has this label from the API server.
    "kubernetes.io/metadata.name": namespace.name,
  };
  return objects
    .filter((object) => isOfKind(object, ["admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding"]))
    .some((binding) => {
      const spec = binding.root.at("spec");
      const refuses = spec.at("validationActions").texts.includes("Deny");
      return refuses && selects(spec.at("matchResources", "namespaceSelector"), labels);
    });
}
