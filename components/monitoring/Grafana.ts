import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../kubernetes/transform";
import { contentHash } from "../kubernetes/contentHash";
import type { MonitoredSite } from "./monitoredSite";
import { dashboardFiles } from "./dashboardFiles";
import { grafanaFiles } from "./grafanaConfiguration";
import { DASHBOARDS_CONFIG_MAP, GRAFANA_LABELS, grafanaPodSpec, grafanaPolicy } from "./grafanaPod";
import { GRAFANA, GRAFANA_PORT } from "./names";

/** What a `Grafana` is made from. */
export interface GrafanaArgs extends Pick<MonitoredSite, "site" | "capabilities" | "monitoring"> {
  /** The section's part for Grafana. */
  grafana: NonNullable<MonitoredSite["monitoring"]["grafana"]>;
  /** Namespace of Prometheus, where Grafana runs, too. */
  namespace: pulumi.Input<string>;
  /** Changes to objects before they are registered. */
  transform?: { deployment?: Transform<k8s.apps.v1.DeploymentArgs> };
}

/**
 * Grafana with the site's dashboards, over the site's Prometheus. It keeps nothing: dashboards and data source are files,
 * its database is empty in every new pod. Name and password of its administrator are in a Secret that the operator makes.
 */
export class Grafana extends pulumi.ComponentResource {
  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:Grafana", name, {}, opts);
    const parent = { parent: this };
    const { namespace } = args;
    const spec = grafanaPodSpec(args, args.grafana.adminSecret);
    const files = grafanaFiles(args.monitoring);
    const metadata = { name: GRAFANA, namespace, labels: GRAFANA_LABELS };
    const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent);
    const policy = new k8s.networking.v1.NetworkPolicy(name, { metadata, spec: grafanaPolicy() }, parent);
    const configuration = new k8s.core.v1.ConfigMap(name, { metadata, data: files }, parent);
    const dashboards = new k8s.core.v1.ConfigMap(
      `${name}-dashboards`,
      { metadata: { ...metadata, name: DASHBOARDS_CONFIG_MAP }, data: dashboardFiles() },
      parent,
    );
    // Gives `kubectl port-forward service/grafana` its name; the pod waits for the operator's Secret, and so would the Service.
    const skipAwait = { "pulumi.com/skipAwait": "true" };
    new k8s.core.v1.Service(
      name,
      {
        metadata: { ...metadata, annotations: skipAwait },
        spec: { selector: GRAFANA_LABELS, ports: [{ name: "http", port: GRAFANA_PORT, targetPort: "http" }] },
      },
      parent,
    );
    new k8s.apps.v1.Deployment(
      ...transformed<k8s.apps.v1.DeploymentArgs>(
        args.transform?.deployment,
        name,
        {
          // The pod waits for the operator's Secret, and nobody can make that before the namespace is there.
          metadata: { ...metadata, annotations: skipAwait },
          spec: {
            replicas: 1,
            selector: { matchLabels: GRAFANA_LABELS },
            template: {
              // Dashboards are read again when their files change; settings and data source only at the start.
              metadata: {
                labels: GRAFANA_LABELS,
                annotations: { "atlas-site/configuration-hash": contentHash(JSON.stringify(files)) },
              },
              spec,
            },
          },
        },
        { ...parent, dependsOn: [account, policy, configuration, dashboards] },
      ),
    );
    this.registerOutputs({});
  }
}
