import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../kubernetes/names";
import { queueNamespaces, type MonitoredSite } from "./monitoredSite";
import {
  clusterInstance,
  clusterRules,
  CREDENTIAL_RULES,
  credentialInstance,
  stateMetricsPod,
  type StateMetricsPlan,
} from "./stateMetricsPod";

/** What the `KubeStateMetrics` are made from; the namespaces of the queues must exist. */
export interface KubeStateMetricsArgs extends Pick<MonitoredSite, "site" | "capabilities" | "monitoring" | "queues"> {
  /** Namespace of monitoring. */
  namespace: pulumi.Input<string>;
}

const RBAC = "rbac.authorization.k8s.io";

/**
 * kube-state-metrics twice: one sees the objects of the cluster and no Secret, the other the Secrets of the queues'
 * namespaces and nothing else. To whoever reads Secrets, be it to count them, the API sends their content.
 */
export class KubeStateMetrics extends pulumi.ComponentResource {
  constructor(name: string, args: KubeStateMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:KubeStateMetrics", name, {}, opts);
    this.run(name, args, clusterInstance(), (account) => this.grantCluster(name, account));
    this.run(`${name}-credentials`, args, credentialInstance(args), (account) =>
      this.grantSecrets(`${name}-credentials`, queueNamespaces(args), account),
    );
    this.registerOutputs({});
  }

  private run(
    name: string,
    args: KubeStateMetricsArgs,
    plan: StateMetricsPlan,
    grant: (account: k8s.core.v1.ServiceAccount) => pulumi.Resource[],
  ): void {
    const parent = { parent: this };
    const labels = labelsOf(plan.name);
    const metadata = { name: plan.name, namespace: args.namespace, labels };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    new k8s.apps.v1.Deployment(
      name,
      {
        // A site whose machines for services are away is updated all the same.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          replicas: 1,
          // Two at once would count everything twice.
          strategy: { type: "Recreate" },
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: stateMetricsPod(args, plan) },
        },
      },
      { ...parent, dependsOn: grant(account) },
    );
  }

  private grantCluster(name: string, account: k8s.core.v1.ServiceAccount): pulumi.Resource[] {
    const metadata = { name: "atlas-site-kube-state-metrics" };
    const role = new k8s.rbac.v1.ClusterRole(name, { metadata, rules: clusterRules() }, { parent: this });
    const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: role.metadata.name };
    const subjects = [subjectOf(account)];
    return [new k8s.rbac.v1.ClusterRoleBinding(name, { metadata, roleRef, subjects }, { parent: this })];
  }

  private grantSecrets(
    name: string,
    namespaces: readonly string[],
    account: k8s.core.v1.ServiceAccount,
  ): pulumi.Resource[] {
    return namespaces.map((namespace) => {
      const resource = `${name}-${namespace}`;
      const metadata = { name: "credential-metrics", namespace };
      const role = new k8s.rbac.v1.Role(resource, { metadata, rules: CREDENTIAL_RULES }, { parent: this });
      const roleRef = { apiGroup: RBAC, kind: "Role", name: role.metadata.name };
      const subjects = [subjectOf(account)];
      return new k8s.rbac.v1.RoleBinding(resource, { metadata, roleRef, subjects }, { parent: this });
    });
  }
}

function subjectOf({ metadata }: k8s.core.v1.ServiceAccount) {
  return { kind: "ServiceAccount", name: metadata.name, namespace: metadata.namespace };
}
