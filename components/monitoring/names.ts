/** Names of the monitoring layer that other layers, the commands and the tests share. */

/** Namespace of Prometheus, Alertmanager, kube-state-metrics and Grafana. */
export const MONITORING_NAMESPACE = "atlas-site-monitoring";

/** Namespace of what must look into the nodes: node-exporter and the control plane's guarded metrics. */
export const NODE_METRICS_NAMESPACE = "atlas-site-node-metrics";

/** Name of Prometheus: its StatefulSet, Service and pods' label; its one pod is `prometheus-0`. */
export const PROMETHEUS = "prometheus";
/** Port of Prometheus. */
export const PROMETHEUS_PORT = 9090;

/** Name of Alertmanager: its StatefulSet, Service and pods' label; its one pod is `alertmanager-0`. */
export const ALERTMANAGER = "alertmanager";
/** Port of Alertmanager. */
export const ALERTMANAGER_PORT = 9093;

/** Name of Grafana. */
export const GRAFANA = "grafana";
/** Port of Grafana. */
export const GRAFANA_PORT = 3000;

/** Prometheus' label `job` of each kind of target; rules and dashboards know targets by these. */
export const SCRAPE_JOBS = {
  prometheus: "prometheus",
  alertmanager: "alertmanager",
  stateMetrics: "kube-state-metrics",
  /** The one that sees only the Secrets of the queues' namespaces, without their content. */
  credentialMetrics: "credential-metrics",
  nodeExporter: "node-exporter",
  apiServer: "apiserver",
  scheduler: "kube-scheduler",
  controllerManager: "kube-controller-manager",
  etcd: "etcd",
  kubelet: "kubelet",
  cadvisor: "cadvisor",
  coreDns: "coredns",
  squid: "squid",
  cvmfsProbe: "cvmfs-probe",
  logShipper: "log-shipper",
} as const;
