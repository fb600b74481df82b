/** Names of the monitoring layer that other layers, the commands and the tests share. */
import { CVMFS_SCRAPE_JOBS } from "../cvmfs/names";

/** Namespace of Prometheus, Alertmanager, kube-state-metrics and Grafana. */
export const MONITORING_NAMESPACE = "atlas-site-monitoring";

/** Name of Prometheus: its StatefulSet, Service and pods' label; its one pod is `prometheus-0`. */
export const PROMETHEUS = "prometheus";

/** Namespace of what must look into the nodes: node-exporter and the control plane's guarded metrics. */
export const NODE_METRICS_NAMESPACE = "atlas-site-node-metrics";

/** Port of node-exporter on each machine. */
export const NODE_METRICS_PORT = 9100;

/**
 * Ports of a control-plane machine that lead to metrics of programs which speak to loopback alone. Not the programs' own:
 * Kubernetes would find those ports of the machine taken.
 */
export const CONTROL_PLANE_METRICS_PORTS = { scheduler: 11_259, "controller-manager": 11_257, etcd: 11_381 } as const;

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

/** Namespace of accounting, which asks Prometheus. The layer accounting makes it. */
export const ACCOUNTING_NAMESPACE = "atlas-site-accounting";

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
  squid: CVMFS_SCRAPE_JOBS.squid,
  cvmfsProbe: CVMFS_SCRAPE_JOBS.probe,
  logShipper: "log-shipper",
} as const;
