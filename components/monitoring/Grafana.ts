import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../kubernetes/transform";
import { rollout } from "../kubernetes/contentHash";
import { deployment, serviceSpec, unawaited } from "../kubernetes/workloads";
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
    const service = serviceSpec(GRAFANA_LABELS, "http", GRAFANA_PORT);
    new k8s.core.v1.Service(name, { metadata: unawaited(metadata), spec: service }, parent);
    // Not awaited: the pod waits for the operator's Secret, which can be created only once the namespace exists.
    deployment(
      name,
      {
        metadata,
        pod: spec,
        // Dashboards are read again when their files change; settings and data source only at the start.
        annotations: rollout("configuration", files),
        transform: args.transform?.deployment,
      },
      { ...parent, dependsOn: [account, policy, configuration, dashboards] },
    );
    this.registerOutputs({});
  }
}
