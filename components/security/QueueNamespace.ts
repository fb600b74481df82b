import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../kubernetes/transform";
import type { Cvmfs, Queue, Security } from "../../stacks/site/site";
import type { JobEgress } from "../cluster/contribution";
import type { SiteContext } from "../cluster/siteContext";
import { grant } from "../kubernetes/grant";
import { poolSelector } from "../kubernetes/placement";
import { defaultMemoryMb, quotaOf } from "./limits";
import { QUEUE_LABEL, SECCOMP_LABEL } from "./names";
import { queuePolicies } from "./queuePolicies";
import { podSecurityLabels, podSecurityOf } from "./podSecurity";
import { harvesterRights, policyRules, type HarvesterSubject } from "./rights";

/** What a `QueueNamespace` is made from. */
export interface QueueNamespaceArgs extends Pick<SiteContext, "capabilities" | "network"> {
  /** PanDA queue that the namespace belongs to. */
  queueName: string;
  /** The queue's part of the stack file. */
  queue: Queue;
  /** Queues of the site, which share the ended pods that a cluster keeps. */
  queueCount: number;
  /** The stack file's security section. */
  security: Security;
  /** The stack file's section of CVMFS. */
  cvmfs: Cvmfs;
  /** Whom Harvester comes as. */
  harvesterSubject: HarvesterSubject;
  /** What jobs reach of the site's features; default: nothing. */
  jobEgress?: readonly JobEgress[];
  /** Changes to objects before they are registered. */
  transform?: {
    namespace?: Transform<k8s.core.v1.NamespaceArgs>;
    quota?: Transform<k8s.core.v1.ResourceQuotaArgs>;
    limitRange?: Transform<k8s.core.v1.LimitRangeArgs>;
  };
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
    const { queue } = args;
    const made = new k8s.core.v1.Namespace(
      ...transformed<k8s.core.v1.NamespaceArgs>(
        args.transform?.namespace,
        name,
        {
          metadata: {
            name: queue.namespace,
            labels: {
              [QUEUE_LABEL]: args.queueName,
              [SECCOMP_LABEL]: queue.seccomp,
              // Admission demands that every pod of the queue selects this pool.
              ...poolSelector(args.capabilities, queue.pool),
              ...podSecurityLabels(podSecurityOf(args.cvmfs, queue)),
            },
          },
        },
        { parent: this },
      ),
    );
    this.namespace = made.metadata.name;
    // Every namespace gets this account from Kubernetes itself: here it is only told to hand out no token.
    new k8s.core.v1.ServiceAccountPatch(
      name,
      { metadata: { name: "default", namespace: this.namespace }, automountServiceAccountToken: false },
      { parent: this },
    );
    const policies = queuePolicies(args).map(
      (policy) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${policy.name}`,
          { metadata: { name: policy.name, namespace: this.namespace }, spec: policy.spec },
          { parent: this },
        ),
    );
    this.createQuotaAndLimits(name, args);
    this.grantHarvesterAccess(name, args.harvesterSubject, policies);
    this.registerOutputs({});
  }

  private createQuotaAndLimits(name: string, args: QueueNamespaceArgs): void {
    new k8s.core.v1.ResourceQuota(
      ...transformed<k8s.core.v1.ResourceQuotaArgs>(
        args.transform?.quota,
        name,
        { metadata: { name: "queue", namespace: this.namespace }, spec: { hard: quotaOf(args) } },
        { parent: this },
      ),
    );
    const memory = `${defaultMemoryMb(args.queue)}Mi`;
    new k8s.core.v1.LimitRange(
      ...transformed<k8s.core.v1.LimitRangeArgs>(
        args.transform?.limitRange,
        name,
        {
          metadata: { name: "queue", namespace: this.namespace },
          spec: { limits: [{ type: "Container", defaultRequest: { memory } }] },
        },
        { parent: this },
      ),
    );
  }

  private grantHarvesterAccess(name: string, subject: HarvesterSubject, policies: pulumi.Resource[]): void {
    grant(
      name,
      {
        to: subject,
        metadata: { name: "harvester", namespace: this.namespace },
        rules: policyRules(harvesterRights()),
      },
      // Harvester submits within seconds of getting its rights: the NetworkPolicies of its pods must exist before.
      { parent: this, dependsOn: policies },
    );
  }
}
