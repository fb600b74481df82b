import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site/site";
import { defaultMemoryMb, quotaOf } from "./limits";
import { QUEUE_LABEL, SECCOMP_LABEL } from "./names";
import { queuePolicies } from "./queuePolicies";
import { podSecurityLabels, podSecurityOf } from "./podSecurity";
import { harvesterRights, policyRules, type HarvesterSubject } from "./rights";

/** What a `QueueNamespace` is made from. */
export interface QueueNamespaceArgs {
  /** The site. */
  site: Site;
  /** PanDA queue of the site that the namespace belongs to. */
  queue: string;
  /** Whom Harvester comes as. */
  harvesterSubject: HarvesterSubject;
}

/**
 * The namespace of a queue: Pod Security level and the label that binds the admission policies, Harvester's rights, a
 * default ServiceAccount with empty hands, what its pods may reach, and how much it may hold.
 */
export class QueueNamespace extends pulumi.ComponentResource {
  /** The namespace's name; waits for the namespace. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: QueueNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:security:QueueNamespace", name, {}, opts);
    const { site, queue } = args;
    const section = site.queues[queue];
    const made = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name: section.namespace,
          labels: {
            [QUEUE_LABEL]: queue,
            [SECCOMP_LABEL]: section.seccomp,
            ...podSecurityLabels(podSecurityOf(site.cvmfs, section)),
          },
        },
      },
      { parent: this },
    );
    this.namespace = made.metadata.name;
    // Every namespace gets this account from Kubernetes itself: here it is only told to hand out no token.
    new k8s.core.v1.ServiceAccountPatch(
      name,
      { metadata: { name: "default", namespace: this.namespace }, automountServiceAccountToken: false },
      { parent: this },
    );
    const policies = queuePolicies(site).map(
      (policy) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${policy.name}`,
          { metadata: { name: policy.name, namespace: this.namespace }, spec: policy.spec },
          { parent: this },
        ),
    );
    this.limit(name, site, queue);
    this.letHarvesterIn(name, args.harvesterSubject, policies);
    this.registerOutputs({});
  }

  private limit(name: string, site: Site, queue: string): void {
    new k8s.core.v1.ResourceQuota(
      name,
      { metadata: { name: "queue", namespace: this.namespace }, spec: { hard: quotaOf(site, queue) } },
      { parent: this },
    );
    const memory = `${defaultMemoryMb(site.queues[queue])}Mi`;
    new k8s.core.v1.LimitRange(
      name,
      {
        metadata: { name: "queue", namespace: this.namespace },
        spec: { limits: [{ type: "Container", defaultRequest: { memory } }] },
      },
      { parent: this },
    );
  }

  private letHarvesterIn(name: string, subject: HarvesterSubject, policies: pulumi.Resource[]): void {
    const role = new k8s.rbac.v1.Role(
      name,
      { metadata: { name: "harvester", namespace: this.namespace }, rules: policyRules(harvesterRights()) },
      { parent: this },
    );
    new k8s.rbac.v1.RoleBinding(
      name,
      {
        metadata: { name: "harvester", namespace: this.namespace },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [subject.kind === "User" ? { apiGroup: "rbac.authorization.k8s.io", ...subject } : { ...subject }],
      },
      // Harvester submits within seconds of being let in: what its pods may reach is settled before.
      { parent: this, dependsOn: policies },
    );
  }
}
