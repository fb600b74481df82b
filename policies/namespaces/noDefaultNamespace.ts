import { cis, kyverno, own } from "../model/frameworks";
import { UnknownField } from "../model/field";
import { isClusterScoped, type KubernetesObject } from "../model/objects";
import { podsOf } from "../model/pods";
import { cautiously, notApplicable, violation, type ObjectPolicy } from "../model/policy";
import type { Settings } from "../model/settings";
import { isHarvesterTemplate } from "../pods/harvesterTemplate";
import { isMadeByKubernetes, isNamespaced } from "./namespacedKinds";

/** Everything stands in a namespace of its own purpose. */
export const noDefaultNamespace: ObjectPolicy = {
  kind: "object",
  name: "no-default-namespace",
  title: "No object in the namespace default",
  why: "The namespace default has no Pod Security level, no quota and no network policy of the site. Harvester also uses it while it does not know its queue yet, and must find nothing there.",
  level: "mandatory",
  severity: "medium",
  frameworks: [
    cis("5.6.4"),
    kyverno("disallow-default-namespace"),
    own("Harvester writes to default before it knows its queue"),
  ],
  remediation: "Set metadata.namespace to a namespace other than default.",
  kinds: ["*"],
  check: (object, settings) => {
    const { root, namespace, namespaceUnknown } = object;
    if (isClusterScoped(object)) {
      return notApplicable("objects of this kind have no namespace");
    }
    // An object inside another's text is in the namespace of that one.
    if (namespace !== "" && namespace !== "default") {
      return [];
    }
    if (namespace === "" && !namespaceUnknown && !fallsToDefault(object, settings)) {
      return notApplicable("the kind is not known to live in a namespace");
    }
    if (isMadeByKubernetes(object)) {
      return notApplicable("Kubernetes makes this object itself");
    }
    if (namespace === "" && isHarvesterTemplate(object, settings)) {
      return notApplicable("Harvester submits this template into its queue's namespace");
    }
    return cautiously(() => {
      const field = root.at("metadata", "namespace");
      if (namespaceUnknown) {
        throw new UnknownField(field.path);
      }
      return violation(field, namespace === "" ? "it names no namespace, which means default" : 'it is "default"');
    });
  },
};

/** Whether an object without a namespace is put into default: Kubernetes' own kinds, and others that have pods. */
function fallsToDefault(object: KubernetesObject, settings: Settings): boolean {
  return isNamespaced(object) || podsOf(object, settings).length > 0;
}
