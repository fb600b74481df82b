import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { versions } from "../../versions";
import { INFRASTRUCTURE_LABEL } from "./names";
import type { PodSecurityLevel } from "./securityContext";
import { denyAll } from "./networkPolicy";

/** What an `InfrastructureNamespace` is made from. */
export interface InfrastructureNamespaceArgs {
  /** Name of the namespace. */
  namespace: string;
  /** Pod Security level its pods are held to; `privileged` only for what must reach into the node. */
  level: PodSecurityLevel;
}

/**
 * A namespace of the site's own services: Pod Security level, nothing in or out until a NetworkPolicy of the service says
 * so, and a default ServiceAccount with empty hands.
 */
export class InfrastructureNamespace extends pulumi.ComponentResource {
  /** The namespace's name; waits for the namespace. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: InfrastructureNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:kubernetes:InfrastructureNamespace", name, {}, opts);
    const parent = { parent: this };
    const made = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name: args.namespace,
          labels: {
            [INFRASTRUCTURE_LABEL]: "true",
            "pod-security.kubernetes.io/enforce": args.level,
            "pod-security.kubernetes.io/enforce-version": versions.podSecurity,
          },
        },
      },
      parent,
    );
    this.namespace = made.metadata.name;
    new k8s.networking.v1.NetworkPolicy(
      name,
      { metadata: { name: "default-deny", namespace: this.namespace }, spec: denyAll() },
      parent,
    );
    // Every namespace gets this account from Kubernetes itself: here it is only told to hand out no token.
    new k8s.core.v1.ServiceAccountPatch(
      name,
      { metadata: { name: "default", namespace: this.namespace }, automountServiceAccountToken: false },
      parent,
    );
    this.registerOutputs({});
  }
}
