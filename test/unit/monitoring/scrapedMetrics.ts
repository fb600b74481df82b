/**
 * Names of metrics by the value of `job`, as their programs have them: API server, scheduler and etcd of the toolchain were
 * asked at /metrics; kubelet, kube-state-metrics, Prometheus, node-exporter, squid-exporter, OpenTelemetry Collector and
 * CoreDNS were read in their sources; the CVMFS probe's are our own. Only names that dashboards use are here.
 */
import { SCRAPE_JOBS } from "../../../components/monitoring/names";

export const SCRAPED_METRICS: Readonly<Record<string, readonly string[]>> = {
  [SCRAPE_JOBS.stateMetrics]: [
    "kube_cronjob_created",
    "kube_cronjob_status_last_successful_time",
    "kube_job_status_active",
    "kube_job_status_failed",
    "kube_job_status_succeeded",
    "kube_node_info",
    "kube_node_status_allocatable",
    "kube_node_status_condition",
    "kube_pod_completion_time",
    "kube_pod_container_resource_requests",
    "kube_pod_container_status_terminated_reason",
    "kube_pod_start_time",
    "kube_pod_status_phase",
  ],
  [SCRAPE_JOBS.cadvisor]: ["container_cpu_usage_seconds_total", "container_memory_working_set_bytes"],
  [SCRAPE_JOBS.kubelet]: [
    "kubelet_pod_start_duration_seconds_bucket",
    "kubelet_running_pods",
    "kubelet_runtime_operations_errors_total",
    "kubelet_runtime_operations_total",
  ],
  [SCRAPE_JOBS.nodeExporter]: ["node_filesystem_avail_bytes", "node_filesystem_size_bytes"],
  [SCRAPE_JOBS.apiServer]: [
    "apiserver_audit_event_total",
    "apiserver_request_sli_duration_seconds_bucket",
    "apiserver_request_total",
    "apiserver_resource_objects",
  ],
  [SCRAPE_JOBS.scheduler]: [
    "scheduler_pending_pods",
    "scheduler_schedule_attempts_total",
    "scheduler_scheduling_attempt_duration_seconds_bucket",
  ],
  [SCRAPE_JOBS.controllerManager]: ["workqueue_depth"],
  [SCRAPE_JOBS.etcd]: [
    "etcd_disk_backend_commit_duration_seconds_bucket",
    "etcd_disk_wal_fsync_duration_seconds_bucket",
    "etcd_mvcc_db_total_size_in_bytes",
    "etcd_mvcc_db_total_size_in_use_in_bytes",
    "etcd_server_has_leader",
    "etcd_server_leader_changes_seen_total",
  ],
  [SCRAPE_JOBS.coreDns]: ["coredns_dns_responses_total"],
  [SCRAPE_JOBS.cvmfsProbe]: [
    "atlas_site_cvmfs_api_errors_total",
    "atlas_site_cvmfs_probes_hung",
    "atlas_site_cvmfs_fetch_duration_seconds",
    "atlas_site_cvmfs_fetch_up",
    "atlas_site_cvmfs_io_errors_total",
    "atlas_site_cvmfs_last_update_age_seconds",
    "atlas_site_cvmfs_probe_duration_seconds",
    "atlas_site_cvmfs_node_tainted",
    "atlas_site_cvmfs_repository_up",
    "up",
  ],
  [SCRAPE_JOBS.squid]: [
    "promhttp_metric_handler_requests_total",
    "squid_client_http_errors_total",
    "squid_client_http_hits_total",
    "squid_client_http_kbytes_out_kbytes_total",
    "squid_client_http_requests_total",
    "squid_server_http_kbytes_in_kbytes_total",
    "squid_up",
  ],
  [SCRAPE_JOBS.prometheus]: [
    "prometheus_tsdb_head_series",
    "prometheus_tsdb_lowest_timestamp_seconds",
    "prometheus_tsdb_retention_limit_bytes",
    "prometheus_tsdb_retention_limit_seconds",
    "prometheus_tsdb_storage_blocks_bytes",
  ],
  [SCRAPE_JOBS.logShipper]: [
    "otelcol_exporter_queue_size",
    "otelcol_exporter_sent_log_records_total",
    "otelcol_receiver_accepted_log_records_total",
  ],
};

/** Series that Prometheus makes by itself, whatever is scraped. */
export const OWN_SERIES: readonly string[] = ["ALERTS", "up"];
