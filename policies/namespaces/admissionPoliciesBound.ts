import { violation, type ObjectSetPolicy } from "../model/policy";
import { eachBatchNamespace, hasDenyingAdmission } from "./batchNamespaces";

/** The site's own rules are in force where payload runs. */
export const admissionPoliciesBound: ObjectSetPolicy = {
  kind: "objects",
  name: "admission-policies-bound",
  title: "An admission policy that refuses is bound to every queue's namespace",
  why: "Pod Security knows no /cvmfs, no queues and no Jobs: what a site allows beyond or below it only an admission policy says, and one that is not bound says nothing.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "what the paper's PodSecurityPolicies said" }],
  remediation:
    "Declare a ValidatingAdmissionPolicyBinding with validationActions Deny whose namespaceSelector picks the namespace.",
  kinds: ["Namespace"],
  check: (objects, settings) =>
    eachBatchNamespace(objects, settings, (namespace) =>
      hasDenyingAdmission(namespace, objects)
        ? undefined
        : violation(namespace.root, "no ValidatingAdmissionPolicyBinding with Deny picks this namespace"),
    ),
};
