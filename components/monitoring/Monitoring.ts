import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { grant } from "../kubernetes/grant";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import type { MonitoredSite } from "./monitoredSite";
import { OPERATORS } from "../security/names";
import { Alertmanager, type AlertmanagerArgs } from "./Alertmanager";
import { alertmanagerConfiguration } from "./alertmanagerConfiguration";
import { ControlPlaneMetrics } from "./ControlPlaneMetrics";
import { Grafana, type GrafanaArgs } from "./Grafana";
import { KubeStateMetrics } from "./KubeStateMetrics";
import { monitoringPolicies } from "./monitoringPolicies";
import { MONITORING_NAMESPACE, NODE_METRICS_NAMESPACE } from "./names";
import { NodeExporter } from "./NodeExporter";
import { Prometheus, type PrometheusArgs } from "./Prometheus";

/** What `Monitoring` is made from. */
export interface MonitoringArgs extends MonitoredSite {
  /** Storage class of the volumes. */
  storageClass: string;
  /** Secret key `atlas-site:alertReceivers`: a YAML list of Alertmanager's receivers; needed when the site has routes. */
  receivers?: pulumi.Input<string>;
  /** Changes to objects before they are registered, by component. */
  transform?: {
    prometheus?: PrometheusArgs["transform"];
    alertmanager?: AlertmanagerArgs["transform"];
    grafana?: GrafanaArgs["transform"];
  };
}

/**
 * The monitoring of a site: Prometheus, Alertmanager, the exporters, and Grafana if the section asks for it. Prometheus
 * gets rights in the namespaces of queues, CVMFS and log shipping, which must exist: name what creates them in `dependsOn`.
 */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:Monitoring", name, {}, opts);
    this.createServices(name, args);
    this.createNodeExporters(`${name}-nodes`, args);
    this.registerOutputs({});
  }

  private createServices(name: string, args: MonitoringArgs): void {
    const parent = { parent: this };
    const { storageClass, receivers, transform = {}, ...site } = args;
    // What is missing is reported before anything is created.
    if (receivers === undefined) {
      alertmanagerConfiguration(site.monitoring, undefined);
    }
    const { namespace } = new InfrastructureNamespace(
      name,
      { namespace: MONITORING_NAMESPACE, level: "restricted" },
      parent,
    );
    const policies = Object.entries(monitoringPolicies(site)).map(
      ([policy, spec]) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${policy}`,
          { metadata: { name: policy, namespace }, spec },
          parent,
        ),
    );
    this.grantOperatorsPortForward(name, namespace);
    const after = { ...parent, dependsOn: policies };
    new KubeStateMetrics(`${name}-state`, { ...site, namespace }, after);
    new Alertmanager(
      `${name}-alertmanager`,
      { ...site, namespace, storageClass, receivers, transform: transform.alertmanager },
      after,
    );
    new Prometheus(`${name}-prometheus`, { ...site, namespace, storageClass, transform: transform.prometheus }, after);
    const { grafana } = site.monitoring;
    if (grafana !== undefined) {
      new Grafana(`${name}-grafana`, { ...site, grafana, namespace, transform: transform.grafana }, after);
    }
  }

  /** Operators look at Prometheus, Alertmanager and Grafana by port-forward: none of them has a port outside the cluster. */
  private grantOperatorsPortForward(name: string, namespace: pulumi.Output<string>): void {
    grant(
      `${name}-operators`,
      {
        to: { kind: "Group", name: OPERATORS },
        metadata: { name: "operators", namespace },
        rules: [{ apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] }],
      },
      { parent: this },
    );
  }

  private createNodeExporters(name: string, args: MonitoredSite): void {
    const parent = { parent: this };
    const { registryPrefix } = args.site;
    const { namespace } = new InfrastructureNamespace(
      name,
      { namespace: NODE_METRICS_NAMESPACE, level: "privileged" },
      parent,
    );
    new NodeExporter(`${name}-exporter`, { namespace, registryPrefix }, parent);
    if (args.capabilities.controlPlane !== undefined) {
      new ControlPlaneMetrics(`${name}-control-plane`, { namespace, registryPrefix }, parent);
    }
  }
}
