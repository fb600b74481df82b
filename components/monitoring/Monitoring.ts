import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../stacks/site/site";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import { OPERATORS } from "../security/names";
import { Alertmanager } from "./Alertmanager";
import { alertmanagerConfiguration } from "./alertmanagerConfiguration";
import { ControlPlaneMetrics } from "./ControlPlaneMetrics";
import { Grafana } from "./Grafana";
import { KubeStateMetrics } from "./KubeStateMetrics";
import { monitoringPolicies } from "./monitoringPolicies";
import { MONITORING_NAMESPACE, NODE_METRICS_NAMESPACE } from "./names";
import { NodeExporter } from "./NodeExporter";
import { monitoringOf } from "./placement";
import { Prometheus } from "./Prometheus";

/** What `Monitoring` is made from. */
export interface MonitoringArgs {
  /**
   * The site; what is made is what its section monitoring asks for. Rights are given in the namespaces of its queues, of
   * CVMFS and of log shipping, which must be there: put what makes them into `dependsOn`.
   */
  site: Site;
  /** Storage class of the volumes; undefined, where the site has no volumes, is an error. */
  storageClass: string | undefined;
  /** Secret key `atlas-site:alertReceivers`: a YAML list of Alertmanager's receivers; needed when the site has routes. */
  receivers?: pulumi.Input<string>;
}

const RBAC = "rbac.authorization.k8s.io";

/** All that watches a site: Prometheus, Alertmanager, the exporters, and Grafana when asked. Nothing in mode none. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:monitoring:Monitoring", name, {}, opts);
    if (args.site.monitoring.mode !== "none") {
      this.watch(name, args);
      this.lookIntoNodes(`${name}-nodes`, args.site);
    }
    this.registerOutputs({});
  }

  private watch(name: string, { site, storageClass: wanted, receivers }: MonitoringArgs): void {
    const parent = { parent: this };
    // What is missing is told before anything is made.
    const storageClass = storageClassOf(wanted);
    if (receivers === undefined) {
      alertmanagerConfiguration(monitoringOf(site), undefined);
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
    this.letOperatorsIn(name, namespace);
    const after = { ...parent, dependsOn: policies };
    new KubeStateMetrics(`${name}-state`, { site, namespace }, after);
    new Alertmanager(`${name}-alertmanager`, { site, namespace, storageClass, receivers }, after);
    new Prometheus(`${name}-prometheus`, { site, namespace, storageClass }, after);
    if (monitoringOf(site).grafana !== undefined) {
      new Grafana(`${name}-grafana`, { site, namespace }, after);
    }
  }

  /** Operators look at Prometheus, Alertmanager and Grafana by port-forward: none of them has a port outside the cluster. */
  private letOperatorsIn(name: string, namespace: pulumi.Output<string>): void {
    const parent = { parent: this };
    const metadata = { name: "operators", namespace };
    const role = new k8s.rbac.v1.Role(
      `${name}-operators`,
      { metadata, rules: [{ apiGroups: [""], resources: ["pods/portforward"], verbs: ["create"] }] },
      parent,
    );
    new k8s.rbac.v1.RoleBinding(
      `${name}-operators`,
      {
        metadata,
        roleRef: { apiGroup: RBAC, kind: "Role", name: role.metadata.name },
        subjects: [{ apiGroup: RBAC, kind: "Group", name: OPERATORS }],
      },
      parent,
    );
  }

  private lookIntoNodes(name: string, site: Site): void {
    const parent = { parent: this };
    const { registryPrefix } = site.site;
    const { namespace } = new InfrastructureNamespace(
      name,
      { namespace: NODE_METRICS_NAMESPACE, level: "privileged" },
      parent,
    );
    new NodeExporter(`${name}-exporter`, { namespace, registryPrefix }, parent);
    if (site.cluster.provisioner === "kubeadm") {
      new ControlPlaneMetrics(`${name}-control-plane`, { namespace, registryPrefix }, parent);
    }
  }
}

function storageClassOf(storageClass: string | undefined): string {
  if (storageClass === undefined) {
    throw new Error(
      "Prometheus keeps its data on a volume, and storage.class is none; use local, cinder or existing, or monitoring.mode none",
    );
  }
  return storageClass;
}
