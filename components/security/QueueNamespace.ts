import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { versions } from "../../versions";
import { harvesterRights } from "./rights";

/** What a `QueueNamespace` is made from. */
export interface QueueNamespaceArgs {
  /** PanDA queue the namespace belongs to. */
  queue: string;
  /** Name of the namespace. */
  namespace: string;
  /** User that Harvester comes as. */
  harvesterUser: string;
}

/** The namespace of a queue: Pod Security level, Harvester's rights, and a default ServiceAccount with empty hands. */
export class QueueNamespace extends pulumi.ComponentResource {
  constructor(name: string, args: QueueNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:security:QueueNamespace", name, {}, opts);
    const parent = { parent: this };
    const version = versions.podSecurity;
    const made = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name: args.namespace,
          labels: {
            "atlas-site/queue": args.queue,
            "pod-security.kubernetes.io/enforce": "baseline",
            "pod-security.kubernetes.io/enforce-version": version,
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/warn-version": version,
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/audit-version": version,
          },
        },
      },
      parent,
    );
    const namespace = made.metadata.name;
    // Every namespace gets this account from Kubernetes itself: here it is only told to hand out no token.
    new k8s.core.v1.ServiceAccountPatch(
      name,
      { metadata: { name: "default", namespace }, automountServiceAccountToken: false },
      parent,
    );
    const role = new k8s.rbac.v1.Role(
      name,
      {
        metadata: { name: "harvester", namespace },
        rules: harvesterRights().map((right) => ({
          apiGroups: [...right.apiGroups],
          resources: [...right.resources],
          verbs: [...right.verbs],
          ...(right.resourceNames === undefined ? {} : { resourceNames: [...right.resourceNames] }),
        })),
      },
      parent,
    );
    new k8s.rbac.v1.RoleBinding(
      name,
      {
        metadata: { name: "harvester", namespace },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: args.harvesterUser }],
      },
      parent,
    );
    this.registerOutputs({});
  }
}
