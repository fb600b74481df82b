/**
 * Rights on Node objects, narrowed by admission to what a role cannot say: the account's own node, and named fields of it.
 * A DaemonSet's account has a pod on every node, so a role for it speaks of all nodes; an attacker with root on one of
 * them has a token of the account.
 */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Name under which Kubernetes (1.32 and later) says on which node a pod's token was issued. */
const TOKEN_NODE = "authentication.kubernetes.io/node-name";

/** Annotations by which flannel's daemons find a node's pods. */
export const FLANNEL_ANNOTATIONS = "flannel.alpha.coreos.com/";

/** A condition in CEL and what the API answers when it does not hold. */
export interface Validation {
  readonly expression: string;
  readonly message: string;
}

/**
 * Lets a pod's account change only the node that its pod runs on.
 * @param who begins the sentence that the API answers
 */
export function onlyOwnNode(who: string): Validation {
  return {
    expression: `"${TOKEN_NODE}" in request.userInfo.extra && request.userInfo.extra["${TOKEN_NODE}"] == [object.metadata.name]`,
    message: `${who} may change only the node it runs on.`,
  };
}

/**
 * Fields that must be as they were before.
 * @param part of the node, e.g. `spec`
 * @param allowed what the account may change, for the message
 */
export function unchanged(who: string, allowed: string, part: string, fields: readonly string[]): Validation[] {
  return fields.map((field) => ({
    expression: `object.${part}.?${field} == oldObject.${part}.?${field}`,
    message: `${who} may change nothing of a node but ${allowed}, and this changes ${part}.${field}.`,
  }));
}

/** What an account's rights on nodes are narrowed by. */
export interface OwnNodeArgs {
  /** Name of the policy and its binding. */
  readonly name: string;
  readonly labels?: Record<string, string>;
  /** The user that the account's pods come as. */
  readonly user: string;
  /** `nodes`, `nodes/status`. */
  readonly resources: string[];
  readonly validations: readonly Validation[];
}

/** The policy and its binding; a role that it narrows must depend on the result. */
export function narrowToOwnNode(
  name: string,
  args: OwnNodeArgs,
  parent: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const metadata = { name: args.name, ...(args.labels === undefined ? {} : { labels: args.labels }) };
  const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
    name,
    {
      metadata,
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: args.resources }],
        },
        matchConditions: [{ name: "account", expression: `request.userInfo.username == "${args.user}"` }],
        validations: args.validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
      },
    },
    parent,
  );
  return new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    name,
    { metadata, spec: { policyName: policy.metadata.name, validationActions: ["Deny"] } },
    parent,
  );
}
