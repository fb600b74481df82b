import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../kubernetes/transform";
import { rollout } from "../kubernetes/contentHash";
import type { MonitoredSite } from "./monitoredSite";
import { scrapePolicies } from "./monitoringPolicies";
import { PROMETHEUS, PROMETHEUS_PORT } from "./names";
import { prometheusConfiguration, ruleTexts } from "./prometheusConfiguration";
import { PROMETHEUS_FILE } from "./prometheusPlan";
import { DATA_VOLUME, prometheusPod, RULES_CONFIG_MAP } from "./prometheusPod";
import { CLUSTER_RULES, NAMESPACE_RULES, scrapedNamespaces } from "./prometheusRights";
import { ruleFiles } from "./rules";
import { grant } from "../kubernetes/grant";
import { labelsOf } from "../kubernetes/names";
import { serviceSpec, statefulSet, unawaited } from "../kubernetes/workloads";

/** What a `Prometheus` is made from. */
export interface PrometheusArgs extends MonitoredSite {
  /** Namespace of monitoring. */
  namespace: pulumi.Input<string>;
  /** Storage class of its volume. */
  storageClass: string;
  /** Changes to objects before they are registered. */
  transform?: { statefulSet?: Transform<k8s.apps.v1.StatefulSetArgs> };
}

/**
 * Prometheus on a volume, with the site's scrape jobs and rules, no rights but to find and read its targets, and a
 * NetworkPolicy in each target's namespace that denies ingress by default.
 */
export class Prometheus extends pulumi.ComponentResource {
  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:Prometheus", name, {}, opts);
    const parent = { parent: this };
    const { namespace, storageClass } = args;
    const labels = labelsOf(PROMETHEUS);
    const metadata = { name: PROMETHEUS, namespace, labels };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const rights = this.grantTargetDiscovery(name, args, account);
    for (const { name: policy, namespace: target, spec } of scrapePolicies(args)) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${policy}`,
        { metadata: { name: policy, namespace: target, labels }, spec },
        parent,
      );
    }
    const files = { [PROMETHEUS_FILE]: prometheusConfiguration(args) };
    const rules = ruleTexts(ruleFiles(args));
    const configuration = new k8s.core.v1.ConfigMap(name, { metadata, data: files }, parent);
    const ruleMap = new k8s.core.v1.ConfigMap(
      `${name}-rules`,
      { metadata: { ...metadata, name: RULES_CONFIG_MAP }, data: rules },
      parent,
    );
    const service = serviceSpec(labels, "http", PROMETHEUS_PORT);
    new k8s.core.v1.Service(name, { metadata: unawaited(metadata), spec: service }, parent);
    statefulSet(
      name,
      {
        metadata,
        serviceName: PROMETHEUS,
        pod: prometheusPod(args),
        annotations: rollout("configuration", { ...files, ...rules }),
        claim: { volume: DATA_VOLUME, storageClass, sizeGb: args.monitoring.volumeGb },
        transform: args.transform?.statefulSet,
      },
      { ...parent, dependsOn: [configuration, ruleMap, ...rights] },
    );
    this.registerOutputs({});
  }

  private grantTargetDiscovery(
    name: string,
    args: MonitoredSite,
    account: k8s.core.v1.ServiceAccount,
  ): pulumi.Resource[] {
    const parent = { parent: this };
    const labels = labelsOf(PROMETHEUS);
    const metadata = { name: `atlas-site-${PROMETHEUS}`, labels };
    const inNamespaces = scrapedNamespaces(args).map((namespace) => {
      const own = { ...metadata, namespace };
      return grant(`${name}-${namespace}`, { to: account, metadata: own, rules: NAMESPACE_RULES }, parent);
    });
    return [grant(name, { to: account, metadata, rules: CLUSTER_RULES }, parent), ...inNamespaces];
  }
}
