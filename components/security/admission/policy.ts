/** Renders the rules on pods into ValidatingAdmissionPolicies: for pods themselves, and for the Jobs they are made from. */
import type { Cvmfs } from "../../../stacks/site/site";
import { unknownFields, wrongValues, type Place } from "./fields/cel";
import type { Fields } from "./fields/decision";
import { jobFields } from "./fields/job";
import { jobLimits } from "./fields/limits";
import { podSpecFields } from "./fields/podSpec";
import { hostRules } from "./hostRules";
import { placeRules, type JobPlaces } from "./placeRules";
import { privilegeRules } from "./privilegeRules";
import { celText, holds, offenders, type Rule } from "./rule";
import { tableRules } from "./tableRules";
import { volumeRules } from "./volumeRules";

/** A kind of object that holds a pod. */
export interface Shape {
  /** Name of the policy and its binding. */
  readonly name: string;
  readonly group: string;
  readonly resources: readonly string[];
  /** Where the pod is, from the object. */
  readonly pod: string;
  /** What must have changed for an update to be judged. */
  readonly judged: string;
  /** Where the pod's annotations are; a field that may be absent is `?field`. */
  readonly annotations: string;
  /** Node the pod names by itself. A pod that is updated has its node from the scheduler. */
  readonly nodeName: string;
  /** Object that the table of fields is laid over. */
  readonly place: Place;
}

/** Pods, and the one kind that Harvester makes them from. Every other kind is refused as a whole (objectRules.ts). */
export const shapes: readonly Shape[] = [
  {
    name: "atlas-site-pods",
    group: "",
    resources: ["pods", "pods/ephemeralcontainers", "pods/resize"],
    pod: "spec",
    judged: "spec",
    annotations: "metadata.?annotations",
    nodeName: "request.operation == 'CREATE' ? object.spec.?nodeName.orValue('') : ''",
    place: { object: "dyn(object.spec)", path: "spec", pods: true },
  },
  {
    name: "atlas-site-jobs",
    group: "batch",
    resources: ["jobs"],
    pod: "spec.template.spec",
    judged: "spec",
    annotations: "spec.template.?metadata.?annotations",
    nodeName: "variables.pod.?nodeName.orValue('')",
    place: { object: "dyn(object)", path: "", pods: false },
  },
];

/** What decides the rules on pods of jobs. */
export interface AdmittedSite extends JobPlaces {
  /** The stack file's section of CVMFS. */
  readonly cvmfs: Cvmfs;
}

/** Every rule of a site, in the order they are tried: the API tells a submitter of the first one broken. */
export function admissionRules(site: AdmittedSite): Rule[] {
  return [...hostRules, ...volumeRules(site.cvmfs), ...privilegeRules, ...placeRules(site), ...tableRules];
}

/** The table of the object that a shape's policy judges. */
function tableOf({ queues }: Pick<AdmittedSite, "queues">, { place }: Pick<Shape, "place">): Fields {
  return place.pods ? podSpecFields(jobLimits(queues)) : jobFields(jobLimits(queues));
}

/** Message to the submitter; the API puts the policy's name before it, and the policy puts what breaks the rule after it. */
export function message(rule: Rule, shape: Pick<Shape, "pod">): string {
  const fields = rule.fields.map((field) => `${shape.pod}.${field}`).join(", ");
  return `${rule.name}: ${fields === "" ? "" : `${fields}: `}${rule.advice}`;
}

/** The spec of the policy for one shape. */
export function policySpec(site: Pick<AdmittedSite, "queues">, rules: readonly Rule[], shape: Shape) {
  const table = tableOf(site, shape);
  return {
    // A rule that cannot be evaluated refuses: an object that confuses it is none of Harvester's.
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: [shape.group],
          apiVersions: ["v1"],
          operations: ["CREATE", "UPDATE"],
          resources: [...shape.resources],
        },
      ],
    },
    // Controllers update what they keep beside the spec, e.g. finalizers: that must work for objects older than a rule.
    matchConditions: [
      {
        name: "spec-changes",
        expression: `request.operation == 'CREATE' || object.${shape.judged} != oldObject.${shape.judged}`,
      },
    ],
    variables: [
      { name: "pod", expression: `object.${shape.pod}` },
      // Whether it is what somebody submits, or what the API server and controllers have made of it.
      { name: "submitted", expression: String(!shape.place.pods) },
      { name: "annotations", expression: `object.${shape.annotations}.orValue({})` },
      { name: "nodeName", expression: shape.nodeName },
      { name: "containers", expression: "variables.pod.containers" },
      { name: "initContainers", expression: "variables.pod.?initContainers.orValue([])" },
      { name: "ephemeralContainers", expression: "variables.pod.?ephemeralContainers.orValue([])" },
      { name: "volumes", expression: "variables.pod.?volumes.orValue([])" },
      { name: "unknownFields", expression: unknownFields(table, shape.place) },
      { name: "wrongValues", expression: wrongValues(table, shape.place) },
    ],
    validations: rules.map((rule) => ({
      expression: holds(rule),
      message: message(rule, shape),
      messageExpression: `${celText(`${message(rule, shape)} (`)} + ${offenders(rule)} + ')'`,
    })),
  };
}
