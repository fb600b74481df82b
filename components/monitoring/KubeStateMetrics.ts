import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { grant } from "../kubernetes/grant";
import { labelsOf } from "../kubernetes/names";
import { deployment } from "../kubernetes/workloads";
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

/**
 * kube-state-metrics twice: one sees the objects of the cluster and no Secret, the other the Secrets of the queues'
 * namespaces and nothing else. To whoever reads Secrets, be it to count them, the API sends their content.
 */
export class KubeStateMetrics extends pulumi.ComponentResource {
  constructor(name: string, args: KubeStateMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:KubeStateMetrics", name, {}, opts);
    this.createInstance(name, args, clusterInstance(), (account) => this.grantClusterReadAccess(name, account));
    this.createInstance(`${name}-credentials`, args, credentialInstance(args), (account) =>
      this.grantSecretReadAccess(`${name}-credentials`, queueNamespaces(args), account),
    );
    this.registerOutputs({});
  }

  private createInstance(
    name: string,
    args: KubeStateMetricsArgs,
    plan: StateMetricsPlan,
    rights: (account: k8s.core.v1.ServiceAccount) => pulumi.Resource[],
  ): void {
    const parent = { parent: this };
    const labels = labelsOf(plan.name);
    const metadata = { name: plan.name, namespace: args.namespace, labels };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    deployment(
      name,
      // Two pods at a time would count every object twice.
      { metadata, pod: stateMetricsPod(args, plan), recreate: true },
      { ...parent, dependsOn: rights(account) },
    );
  }

  private grantClusterReadAccess(name: string, account: k8s.core.v1.ServiceAccount): pulumi.Resource[] {
    const metadata = { name: "atlas-site-kube-state-metrics" };
    return [grant(name, { to: account, metadata, rules: clusterRules() }, { parent: this })];
  }

  private grantSecretReadAccess(
    name: string,
    namespaces: readonly string[],
    account: k8s.core.v1.ServiceAccount,
  ): pulumi.Resource[] {
    return namespaces.map((namespace) => {
      const resource = `${name}-${namespace}`;
      const metadata = { name: "credential-metrics", namespace };
      return grant(resource, { to: account, metadata, rules: CREDENTIAL_RULES }, { parent: this });
    });
  }
}
