import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

const API_GROUP = "rbac.authorization.k8s.io";

/** A user or group of certificates, or a ServiceAccount by its name. */
export type Subject =
  | { readonly kind: "User" | "Group"; readonly name: string }
  | { readonly kind: "ServiceAccount"; readonly name: string; readonly namespace: string };

/** What `grant` takes. */
export interface GrantArgs {
  /** Receives the rights: a ServiceAccount that the program creates, or a subject by its name. */
  to: k8s.core.v1.ServiceAccount | Subject;
  /** Name and labels of role and binding. With a namespace the rights hold there alone, without one in the whole cluster. */
  metadata: { name: string; namespace?: pulumi.Input<string>; labels?: Record<string, string> };
  /** The rights. */
  rules: k8s.types.input.rbac.v1.PolicyRule[];
}

/**
 * Creates a role with these rights and binds it to one subject.
 * @param name of both resources
 * @param opts `dependsOn` delays the binding alone: a role without a binding grants nothing
 * @returns the binding; what needs the rights depends on it
 */
export function grant(
  name: string,
  { to, metadata, rules }: GrantArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const roleOptions = { ...opts, dependsOn: undefined };
  const subjects = [subjectOf(to)];
  if (metadata.namespace === undefined) {
    const role = new k8s.rbac.v1.ClusterRole(name, { metadata, rules }, roleOptions);
    const roleRef = { apiGroup: API_GROUP, kind: "ClusterRole", name: role.metadata.name };
    return new k8s.rbac.v1.ClusterRoleBinding(name, { metadata, roleRef, subjects }, opts);
  }
  const role = new k8s.rbac.v1.Role(name, { metadata, rules }, roleOptions);
  const roleRef = { apiGroup: API_GROUP, kind: "Role", name: role.metadata.name };
  return new k8s.rbac.v1.RoleBinding(name, { metadata, roleRef, subjects }, opts);
}

function subjectOf(to: GrantArgs["to"]): k8s.types.input.rbac.v1.Subject {
  if ("metadata" in to) {
    return { kind: "ServiceAccount", name: to.metadata.name, namespace: to.metadata.namespace };
  }
  return to.kind === "ServiceAccount" ? { ...to } : { apiGroup: API_GROUP, ...to };
}
