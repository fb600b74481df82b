import { violation, type ObjectSetPolicy } from "../model/policy";
import { eachBatchNamespace } from "./batchNamespaces";
import { deniesAll } from "./networkPolicies";

/** Nothing reaches a pilot from outside, nor from another pilot. */
export const defaultDenyIngress: ObjectSetPolicy = {
  kind: "objects",
  name: "default-deny-ingress",
  title: "Every queue's namespace is closed to the inside by default",
  why: "Pilots serve nobody. An open namespace lets one user's job reach every other's, and whatever of the site has no rule of its own.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.3.2" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0030, C-0054" },
    { framework: "Polaris", version: "10.2.2", control: "missingNetworkPolicy" },
  ],
  remediation: "Declare a NetworkPolicy with podSelector {} and policyTypes [Ingress] without ingress rules.",
  kinds: ["Namespace"],
  check: (objects, settings) =>
    eachBatchNamespace(objects, settings, (namespace, inside) =>
      inside.some((object) => deniesAll(object, "Ingress"))
        ? undefined
        : violation(namespace.root, "no NetworkPolicy for all pods closes ingress here"),
    ),
};
