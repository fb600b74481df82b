/** Scrape jobs whose targets are the nodes themselves: kubelets with cAdvisor, and API servers. */
import type { MonitoredSite } from "../monitoredSite";
import { API_SERVER_PORT } from "../../kubernetes/ports";
import { SCRAPE_JOBS } from "../names";
import { discoveryAccess, dropMetrics, withToken, type Access, type ScrapeConfig } from "./scrapeConfig";

/** Name that every API server's certificate is for. */
const API_NAME = "kubernetes.default.svc";

/** Label of the nodes that kubeadm makes the control plane of. */
const CONTROL_PLANE_LABEL = "node-role.kubernetes.io/control-plane";

/**
 * Families that are large and that no rule and no dashboard of ours uses: distributions by verb, resource and code of what
 * the API hands out, its caches and queues, and what all of Kubernetes' programs say of themselves.
 */
const COMMON_UNUSED = [
  "(rest_client|workqueue|authentication|authorization)_.*_bucket",
  "apiserver_(delegated|envelope|encryption|storage_data).*_bucket",
  "kubernetes_feature_enabled",
];
const API_UNUSED = [
  "apiserver_request_duration_seconds_bucket",
  "apiserver_(request_body|response|watch_events|watch_list|storage_list|cel|admission).*_bucket",
  "apiserver_(flowcontrol|watch_cache|audit)_.*_bucket",
  "etcd_request_duration_seconds_bucket",
];
const KUBELET_UNUSED = [
  "(storage_operation|csi_operations|volume_operation).*_bucket",
  "kubelet_(http_requests|cgroup_manager|pleg|topology|device_plugin|lifecycle).*_bucket",
  "apiserver_.*",
];
const CADVISOR_UNUSED = [
  "container_(tasks_state|cpu_load_average_10s|memory_failures_total|blkio_device_usage_total)",
  "container_network_(tcp|tcp6|udp|udp6|advance_tcp_stats)_.*",
  "container_(file_descriptors|sockets|threads_max|ulimits_soft)",
];

const NODE_NAME = { source_labels: ["__meta_kubernetes_node_name"], target_label: "node" };

/**
 * Kubelets and cAdvisor in them, on every node. A kubelet makes its certificate itself, so it is not checked: who sits on
 * the machine network could show Prometheus false figures, and get a token that reads metrics.
 */
export function kubeletJobs(access: Access): ScrapeConfig[] {
  const job = (job_name: string, metrics_path: string, unused: readonly string[]): ScrapeConfig => ({
    job_name,
    metrics_path,
    ...withToken(access, { insecure_skip_verify: true }),
    kubernetes_sd_configs: [{ role: "node", ...discoveryAccess(access) }],
    relabel_configs: [NODE_NAME],
    metric_relabel_configs: dropMetrics(...unused),
  });
  return [
    job(SCRAPE_JOBS.kubelet, "/metrics", [...COMMON_UNUSED, ...KUBELET_UNUSED]),
    job(SCRAPE_JOBS.cadvisor, "/metrics/cadvisor", CADVISOR_UNUSED),
  ];
}

/**
 * Every API server of a control plane that is the program's own; elsewhere the one that answers, since the number of
 * servers behind the address is unknown.
 */
export function apiServerJob({ capabilities }: Pick<MonitoredSite, "capabilities">, access: Access): ScrapeConfig {
  const common = {
    job_name: SCRAPE_JOBS.apiServer,
    ...withToken(access, { ca_file: access.caFile, server_name: API_NAME }),
    metric_relabel_configs: dropMetrics(...COMMON_UNUSED, ...API_UNUSED),
  };
  if (capabilities.controlPlane === undefined) {
    return { ...common, static_configs: [{ targets: [`${API_NAME}:443`] }] };
  }
  return {
    ...common,
    kubernetes_sd_configs: [
      { role: "node", ...discoveryAccess(access), selectors: [{ role: "node", label: CONTROL_PLANE_LABEL }] },
    ],
    relabel_configs: [
      {
        source_labels: ["__address__"],
        regex: "(.+):\\d+",
        replacement: `$1:${API_SERVER_PORT}`,
        target_label: "__address__",
      },
      NODE_NAME,
    ],
  };
}
