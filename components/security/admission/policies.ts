/** Every admission policy of a site, and how each is bound. */
import { QUEUE_LABEL } from "../names";
import { objectPolicies, objectPolicySpec } from "./objectRules";
import { admissionRules, policySpec, shapes, type AdmittedSite } from "./policy";

/** A ValidatingAdmissionPolicy. */
export interface AdmissionPolicy {
  readonly name: string;
  readonly spec: ReturnType<typeof policySpec> | ReturnType<typeof objectPolicySpec>;
}

/** The policies of a site. */
export function admissionPolicies(site: AdmittedSite): AdmissionPolicy[] {
  const rules = admissionRules(site);
  return [
    ...shapes.map((shape) => ({ name: shape.name, spec: policySpec(site, rules, shape) })),
    ...objectPolicies.map((policy) => ({ name: policy.name, spec: objectPolicySpec(policy) })),
  ];
}

/** The spec of a policy's binding: in the namespaces of queues it refuses, and the audit log records which rule did. */
export function bindingSpec(policyName: string) {
  return {
    policyName,
    validationActions: ["Deny", "Audit"],
    matchResources: { namespaceSelector: { matchExpressions: [{ key: QUEUE_LABEL, operator: "Exists" }] } },
  };
}
