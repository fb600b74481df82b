import { own } from "../model/frameworks";
import { isOfKind } from "../model/objects";
import { each, violation, notApplicable, type ObjectSetPolicy } from "../model/policy";

const MANAGED = "kueue.x-k8s.io/managed-namespace";

/** A batch namespace must be labelled for Kueue and have a LocalQueue. Reads `queueing` and `batchNamespaces`. */
export const queueForJobs: ObjectSetPolicy = {
  kind: "objects",
  kinds: ["Namespace"],
  name: "queue-for-jobs",
  title: "Queued namespaces have a queue",
  why: "With Kueue in charge, a namespace that is not labelled runs its jobs past every quota; one without a LocalQueue holds them for ever.",
  level: "mandatory",
  severity: "medium",
  frameworks: [own("Kueue: managedJobsNamespaceSelector, LocalQueue")],
  remediation: 'Label the namespace kueue.x-k8s.io/managed-namespace: "true" and give it a LocalQueue.',
  check: (objects, settings) => {
    if (!settings.queueing) {
      return notApplicable("the site has no queueing system", "queueing");
    }
    const names = new Set(settings.batchNamespaces);
    const namespaces = objects.filter((object) => isOfKind(object, ["Namespace"]) && names.has(object.name));
    return each(namespaces, ({ id, name, root }) => [
      ...each([root.at("metadata", "labels", MANAGED)], (label) =>
        label.is("true") ? undefined : { ...violation(label, "jobs of the namespace are not queued"), subject: id },
      ),
      ...(objects.some((object) => isOfKind(object, ["LocalQueue"]) && object.namespace === name)
        ? []
        : [{ ...violation(root.at("metadata", "name"), "the namespace has no LocalQueue"), subject: id }]),
    ]);
  },
};
