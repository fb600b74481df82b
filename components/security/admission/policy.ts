/** Renders the rules into ValidatingAdmissionPolicies: for pods, and for everything a pod is made from. */
import type { Cvmfs } from "../../../stacks/site/site";
import { QUEUE_LABEL } from "../names";
import { hostRules } from "./hostRules";
import { placeRules, type JobPlaces } from "./placeRules";
import { privilegeRules } from "./privilegeRules";
import { celText, holds, offenders, type Rule } from "./rule";
import { volumeRules } from "./volumeRules";

/** Kinds of objects that hold a pod in the same place. */
export interface Shape {
  /** Name of the policy and its binding. */
  readonly name: string;
  /** Resources by API group. */
  readonly resources: { readonly group: string; readonly names: readonly string[] }[];
  /** Where the pod is, from the object. */
  readonly pod: string;
  /** Where the pod's annotations are; a field that may be absent is `?field`. */
  readonly annotations: string;
  /** Node the pod names by itself. A pod that is updated has its node from the scheduler. */
  readonly nodeName: string;
}

/** Every kind a pod can come from. Jobs are what Harvester makes; the others nobody may make there, and that can change. */
export const shapes: readonly Shape[] = [
  {
    name: "atlas-site-pods",
    resources: [{ group: "", names: ["pods", "pods/ephemeralcontainers"] }],
    pod: "spec",
    annotations: "metadata.?annotations",
    nodeName: "request.operation == 'CREATE' ? object.spec.?nodeName.orValue('') : ''",
  },
  {
    name: "atlas-site-workloads",
    resources: [
      { group: "batch", names: ["jobs"] },
      { group: "apps", names: ["deployments", "daemonsets", "statefulsets", "replicasets"] },
      { group: "", names: ["replicationcontrollers"] },
    ],
    pod: "spec.template.spec",
    annotations: "spec.template.?metadata.?annotations",
    nodeName: "variables.pod.?nodeName.orValue('')",
  },
  {
    name: "atlas-site-cronjobs",
    resources: [{ group: "batch", names: ["cronjobs"] }],
    pod: "spec.jobTemplate.spec.template.spec",
    annotations: "spec.jobTemplate.spec.template.?metadata.?annotations",
    nodeName: "variables.pod.?nodeName.orValue('')",
  },
  {
    name: "atlas-site-podtemplates",
    resources: [{ group: "", names: ["podtemplates"] }],
    pod: "template.spec",
    annotations: "template.?metadata.?annotations",
    nodeName: "variables.pod.?nodeName.orValue('')",
  },
];

/** What decides the rules on pods of jobs. */
export interface AdmittedSite extends JobPlaces {
  /** The stack file's section of CVMFS. */
  readonly cvmfs: Cvmfs;
}

/** Every rule of a site, in the order they are tried: the API tells a submitter of the first one broken. */
export function admissionRules(site: AdmittedSite): Rule[] {
  return [...hostRules, ...volumeRules(site.cvmfs), ...privilegeRules, ...placeRules(site)];
}

/** What a submitter is told; the API adds before it which policy says so, and the policy after it who breaks the rule. */
export function message(rule: Rule, shape: Pick<Shape, "pod">): string {
  return `${rule.name}: ${rule.fields.map((field) => `${shape.pod}.${field}`).join(", ")}: ${rule.advice}`;
}

/** The spec of the policy for one shape. */
export function policySpec(rules: readonly Rule[], shape: Shape) {
  return {
    // A rule that cannot be evaluated refuses: an object that confuses it is none of Harvester's.
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: shape.resources.map(({ group, names }) => ({
        apiGroups: [group],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: [...names],
      })),
    },
    // Controllers update what they keep beside the spec, e.g. finalizers: that must work for pods older than a rule.
    matchConditions: [
      {
        name: "pod-changes",
        expression: `request.operation == 'CREATE' || object.${shape.pod} != oldObject.${shape.pod}`,
      },
    ],
    variables: [
      { name: "pod", expression: `object.${shape.pod}` },
      { name: "annotations", expression: `object.${shape.annotations}.orValue({})` },
      { name: "nodeName", expression: shape.nodeName },
      { name: "containers", expression: "variables.pod.containers" },
      { name: "initContainers", expression: "variables.pod.?initContainers.orValue([])" },
      { name: "ephemeralContainers", expression: "variables.pod.?ephemeralContainers.orValue([])" },
      { name: "volumes", expression: "variables.pod.?volumes.orValue([])" },
    ],
    validations: rules.map((rule) => ({
      expression: holds(rule),
      message: message(rule, shape),
      messageExpression: `${celText(`${message(rule, shape)} (`)} + ${offenders(rule)} + ')'`,
    })),
  };
}

/** The spec of a policy's binding: in the namespaces of queues it refuses, and the audit log says which rule did. */
export function bindingSpec(shape: Shape) {
  return {
    policyName: shape.name,
    validationActions: ["Deny", "Audit"],
    matchResources: { namespaceSelector: { matchExpressions: [{ key: QUEUE_LABEL, operator: "Exists" }] } },
  };
}
