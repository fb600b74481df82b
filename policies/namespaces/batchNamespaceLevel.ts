import { violation, type ObjectSetPolicy } from "../model/policy";
import { eachBatchNamespace, hasDenyingAdmission } from "./batchNamespaces";

const ENFORCE = "pod-security.kubernetes.io/enforce";

/** Payload is held to a Pod Security level, or to admission policies that stand in for it. */
export const batchNamespaceLevel: ObjectSetPolicy = {
  kind: "objects",
  name: "batch-namespace-level",
  title: "A queue's namespace is restricted or baseline, or privileged with admission policies in its place",
  why: "Whoever submits jobs chooses the pod's spec. The level privileged has no rules at all; it is needed where jobs mount /cvmfs of the host, and then admission policies must say what the level does not.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "Pod Security Standards", version: "1.36", control: "namespace labels" },
    { framework: "CIS Kubernetes", version: "1.12", control: "5.2.1" },
  ],
  remediation:
    "Enforce restricted or baseline; with privileged, bind ValidatingAdmissionPolicies with Deny to the namespace.",
  kinds: ["Namespace"],
  check: (objects, settings) =>
    eachBatchNamespace(objects, settings, (namespace) => {
      const level = namespace.root.at("metadata", "labels", ENFORCE);
      if (level.is("restricted") || level.is("baseline") || hasDenyingAdmission(namespace, objects)) {
        return undefined;
      }
      const seen = level.present ? `"${String(level.value)}"` : "not set";
      return violation(level, `the level is ${seen} and no admission policy refuses anything here`);
    }),
};
