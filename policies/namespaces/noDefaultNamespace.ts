import { UnknownField } from "../model/field";
import { POD_KINDS } from "../model/pods";
import { cautiously, violation, type ObjectPolicy } from "../model/policy";

const OTHER_KINDS = [
  "Service",
  "ConfigMap",
  "Secret",
  "ServiceAccount",
  "PersistentVolumeClaim",
  "Role",
  "RoleBinding",
  "NetworkPolicy",
  "Ingress",
] as const;

/** Everything stands in a namespace of its own purpose. */
export const noDefaultNamespace: ObjectPolicy = {
  kind: "object",
  name: "no-default-namespace",
  title: "No object in the namespace default",
  why: "The namespace default has no Pod Security level, no quota and no network policy of the site. Harvester too falls back to it when it does not know its queue yet, and must find nothing there.",
  level: "mandatory",
  severity: "medium",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.6.4" },
    { framework: "Kyverno", version: "b9c4317", control: "disallow-default-namespace" },
  ],
  remediation: "Give metadata.namespace, and another one than default.",
  kinds: [...POD_KINDS, ...OTHER_KINDS],
  check: ({ root, namespace, namespaceUnknown }) =>
    cautiously(() => {
      const field = root.at("metadata", "namespace");
      // An object inside another's text is where its surroundings put it.
      const seen = field.text ?? (namespace === "" ? undefined : namespace);
      if (seen !== undefined && seen !== "default" && seen !== "") {
        return undefined;
      }
      if (namespaceUnknown) {
        throw new UnknownField(field.path);
      }
      return violation(field, seen === undefined ? "it names no namespace, which means default" : `it is "${seen}"`);
    }),
};
