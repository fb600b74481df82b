import { violation, type ObjectSetPolicy } from "../model/policy";
import { eachBatchNamespace } from "./batchNamespaces";
import { deniesAll } from "./networkPolicies";

/** A pilot reaches what it needs, and no more. */
export const defaultDenyEgress: ObjectSetPolicy = {
  kind: "objects",
  name: "default-deny-egress",
  title: "Every queue's namespace is closed to the outside by default, with a list of what is open",
  why: "A job that may reach everything reaches the metadata service, the machines and the site's own services too.",
  level: "advisory",
  severity: "medium",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.3.2" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0030, C-0054" },
    { framework: "Polaris", version: "10.2.2", control: "missingNetworkPolicy" },
  ],
  remediation:
    "Declare a NetworkPolicy with podSelector {} and policyTypes [Egress] without rules, and beside it one with what pilots need.",
  kinds: ["Namespace"],
  check: (objects, settings) =>
    eachBatchNamespace(objects, settings, (namespace, inside) =>
      inside.some((object) => deniesAll(object, "Egress"))
        ? undefined
        : violation(namespace.root, "no NetworkPolicy for all pods closes egress here"),
    ),
};
