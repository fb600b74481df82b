/** Rules on what else may be in a queue's namespace: no pod but by a Job, and of Secrets and ConfigMaps only Harvester's kind. */
import { celText } from "./rule";

/** A rule on an object that holds no pod that Harvester makes. */
export interface ObjectRule {
  /** Unique among all rules. */
  readonly name: string;
  /** CEL expression, true of what is allowed. */
  readonly expression: string;
  readonly fields: readonly string[];
  readonly advice: string;
  readonly why: string;
}

/** A policy of such rules. */
export interface ObjectPolicy {
  /** Name of the policy and its binding. */
  readonly name: string;
  /** Resources by API group. */
  readonly resources: readonly { readonly group: string; readonly names: readonly string[] }[];
  readonly operations: readonly string[];
  readonly rules: readonly ObjectRule[];
}

/** Bytes of a Secret or ConfigMap: a job's description with its file catalogue has some 10 kB, the starter as much. */
const MOST_BYTES = 131_072;
const MOST_KEYS = 16;

const sizeOf = (field: string) => `dyn(object).?${field}.orValue({}).map(key, size(dyn(object).${field}[key])).sum()`;
const keysOf = (field: string) => `size(dyn(object).?${field}.orValue({}))`;

const jobsOnly: ObjectRule = {
  name: "jobs-only",
  expression: "false",
  fields: [],
  advice: "submit a Job; a queue's namespace takes no other object that makes pods",
  why: "A Job is what the quota counts, what Harvester finds again, and what these rules are written for.",
};

const dataRules: readonly ObjectRule[] = [
  {
    name: "opaque-secrets-only",
    expression: "dyn(object).?type.orValue('Opaque') == 'Opaque'",
    fields: ["type"],
    advice: "leave it out or use Opaque, as Harvester does",
    why: "The API server writes a token of the account into a Secret of type service-account-token, and a job could mount it.",
  },
  {
    name: "small-data",
    expression:
      `${sizeOf("data")} + ${sizeOf("binaryData")} <= ${MOST_BYTES} && ` +
      `${keysOf("data")} + ${keysOf("binaryData")} <= ${MOST_KEYS}`,
    fields: ["data", "binaryData"],
    advice: `keep it below ${MOST_BYTES} bytes (a Secret's counted as base64) and ${MOST_KEYS} keys`,
    why: "They are stored in etcd, which all of the cluster shares.",
  },
  {
    name: "removable-data",
    expression:
      "object.metadata.?finalizers.orValue([]).all(name, " +
      "request.operation == 'UPDATE' && name in oldObject.metadata.?finalizers.orValue([])) && " +
      "!dyn(object).?immutable.orValue(false) && (request.operation == 'UPDATE' || !has(object.metadata.ownerReferences))",
    fields: ["metadata.finalizers", "metadata.ownerReferences", "immutable"],
    advice: "remove them",
    why: "Harvester could neither renew nor remove the object, or it would vanish with its supposed owner.",
  },
];

/** The policies of every site. */
export const objectPolicies: readonly ObjectPolicy[] = [
  {
    name: "atlas-site-workloads",
    resources: [
      { group: "batch", names: ["cronjobs"] },
      { group: "apps", names: ["deployments", "daemonsets", "statefulsets", "replicasets"] },
      { group: "", names: ["replicationcontrollers", "podtemplates"] },
    ],
    operations: ["CREATE"],
    rules: [jobsOnly],
  },
  {
    name: "atlas-site-data",
    resources: [{ group: "", names: ["secrets", "configmaps"] }],
    operations: ["CREATE", "UPDATE"],
    rules: dataRules,
  },
];

/** Message to the submitter. */
export function objectMessage({ name, fields, advice }: ObjectRule): string {
  return `${name}: ${fields.length === 0 ? "" : `${fields.join(", ")}: `}${advice}`;
}

/** The spec of a policy. */
export function objectPolicySpec({ resources, operations, rules }: ObjectPolicy) {
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: resources.map(({ group, names }) => ({
        apiGroups: [group],
        apiVersions: ["v1"],
        operations: [...operations],
        resources: [...names],
      })),
    },
    validations: rules.map((rule) => ({
      expression: rule.expression,
      message: objectMessage(rule),
      messageExpression: `${celText(`${objectMessage(rule)} (`)} + request.kind.kind + ' ' + request.name + ')'`,
    })),
  };
}
