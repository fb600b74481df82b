/** What the programs of a small busy site would answer at /metrics, as far as dashboards ask for it. Figures of ours. */
import { SCRAPE_JOBS } from "../../components/monitoring/names";

/** Batch nodes of the site. */
export const BATCH_NODES = ["hosting-batch-0", "hosting-batch-1"];

/** Cores that a batch node offers. */
export const NODE_CORES = 7.5;

const START = Math.floor(Date.now() / 1000);
const POD = (name: string) => ({ namespace: "harvester", pod: name, uid: `uid-${name}` });

type Labels = Readonly<Record<string, string>>;

/** One line of the exposition format. */
function line(name: string, labels: Labels, value: number): string {
  const inner = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
  return `${name}{${inner.join(",")}} ${value}`;
}

/** Buckets of a histogram with all observations at or below a second, more and more of them. */
function histogram(name: string, labels: Labels, now: number): string[] {
  return ["0.1", "1", "+Inf"].map((le, index) =>
    line(`${name}_bucket`, { ...labels, le }, (index + 1) * (now - START)),
  );
}

/** The jobs: two of one core run, one of eight waits, three have ended: well, badly, and killed for its memory. */
const JOBS = [
  { name: "one-a", cores: 0.9, phase: "Running", node: BATCH_NODES[0] },
  { name: "one-b", cores: 0.9, phase: "Running", node: BATCH_NODES[1] },
  { name: "eight", cores: 7.2, phase: "Pending", node: "" },
  { name: "good", cores: 0.9, phase: "Succeeded", node: BATCH_NODES[0] },
  { name: "bad", cores: 0.9, phase: "Failed", node: BATCH_NODES[0] },
  { name: "killed", cores: 0.9, phase: "Failed", node: BATCH_NODES[1] },
] as const;

function podLines(): string[] {
  return JOBS.flatMap(({ name, cores, phase, node }) => {
    const pod = POD(name);
    const container = { ...pod, container: "job", node };
    const ended = phase === "Succeeded" || phase === "Failed";
    const reason = name === "killed" ? "OOMKilled" : phase === "Failed" ? "Error" : "Completed";
    return [
      ...["Running", "Pending", "Succeeded", "Failed", "Unknown"].map((one) =>
        line("kube_pod_status_phase", { ...pod, phase: one }, one === phase ? 1 : 0),
      ),
      line("kube_pod_created", pod, START - 1200),
      line("kube_pod_container_resource_requests", { ...container, resource: "cpu", unit: "core" }, cores),
      line("kube_pod_container_resource_requests", { ...container, resource: "memory", unit: "byte" }, 1e9),
      ...(phase === "Pending" ? [] : [line("kube_pod_start_time", pod, START - 1000)]),
      // The good one ran ten times as long as each of the others.
      ...(ended ? [line("kube_pod_completion_time", pod, START - (name === "good" ? 0 : 900))] : []),
      ...(ended ? [line("kube_pod_container_status_terminated_reason", { ...pod, container: "job", reason }, 1)] : []),
    ];
  });
}

function stateLines(): string[] {
  const accounting = { namespace: "atlas-site-accounting", cronjob: "kuantifier-harvester" };
  const run = { namespace: "atlas-site-accounting", job_name: "kuantifier-harvester-1" };
  const nodes = [...BATCH_NODES, "hosting-control-0"].flatMap((node) => [
    line("kube_node_info", { node }, 1),
    line("kube_node_status_condition", { node, condition: "Ready", status: "true" }, 1),
    line("kube_node_spec_unschedulable", { node }, 0),
    line("kube_node_status_allocatable", { node, resource: "cpu", unit: "core" }, NODE_CORES),
    line("kube_node_status_allocatable", { node, resource: "memory", unit: "byte" }, 16e9),
  ]);
  return [
    ...nodes,
    line("kube_node_role", { node: "hosting-control-0", role: "control-plane" }, 1),
    ...podLines(),
    line("kube_job_complete", { namespace: "harvester", job_name: "good", condition: "true" }, 1),
    line("kube_job_failed", { namespace: "harvester", job_name: "bad", condition: "true" }, 1),
    line("kube_cronjob_created", accounting, START - 7200),
    line("kube_job_status_succeeded", run, 1),
    line("kube_job_status_failed", run, 0),
    line("kube_job_status_active", run, 0),
  ];
}

/** Containers of a node: one of a job and one of monitoring, each with half a core. */
function containerLines(node: string, now: number): string[] {
  const job = { ...POD(node === BATCH_NODES[0] ? "one-a" : "one-b"), container: "job" };
  const watcher = { namespace: "atlas-site-monitoring", pod: `prometheus-${node}`, container: "prometheus" };
  // As cAdvisor has it: no uid.
  return [job, watcher].flatMap(({ namespace, pod, container }) => [
    line("container_cpu_usage_seconds_total", { namespace, pod, container }, 0.5 * (now - START)),
    line("container_memory_working_set_bytes", { namespace, pod, container }, 5e8),
  ]);
}

function probeLines(now: number): string[] {
  return [
    ...["atlas.cern.ch", "sft.cern.ch"].flatMap((repository) => [
      line("atlas_site_cvmfs_repository_up", { repository }, 1),
      line("atlas_site_cvmfs_probe_duration_seconds", { repository }, 0.02),
      line("atlas_site_cvmfs_last_update_age_seconds", { repository }, 3600),
      line("atlas_site_cvmfs_fetch_up", { repository }, 1),
      line("atlas_site_cvmfs_fetch_duration_seconds", { repository }, 0.4),
      line("atlas_site_cvmfs_io_errors_total", { repository }, now - START),
    ]),
    line("atlas_site_cvmfs_node_tainted", {}, 0),
    line("atlas_site_cvmfs_probes_hung", {}, 0),
    line("atlas_site_cvmfs_api_errors_total", {}, now - START),
  ];
}

function squidLines(now: number): string[] {
  const counters = [
    ...["client_http_requests_total", "client_http_hits_total", "client_http_errors_total"],
    ...["client_http_kbytes_out_kbytes_total", "server_http_kbytes_in_kbytes_total", "server_http_errors_total"],
  ];
  // The exporter counts how often it is scraped itself: each time it asks squid three things.
  const scrapes = line("promhttp_metric_handler_requests_total", { code: "200" }, now - START);
  return [line("squid_up", {}, 1), scrapes, ...counters.map((name) => line(`squid_${name}`, {}, 10 * (now - START)))];
}

function apiLines(now: number): string[] {
  return [
    ...["200", "403", "500"].map((code) => line("apiserver_request_total", { verb: "GET", code }, now - START)),
    ...histogram("apiserver_request_sli_duration_seconds", { verb: "GET" }, now),
    line("apiserver_resource_objects", { resource: "pods" }, 40),
    line("apiserver_audit_event_total", {}, 2 * (now - START)),
  ];
}

function etcdLines(now: number): string[] {
  return [
    line("etcd_mvcc_db_total_size_in_bytes", {}, 2e7),
    line("etcd_mvcc_db_total_size_in_use_in_bytes", {}, 1e7),
    line("etcd_server_has_leader", {}, 1),
    line("etcd_server_leader_changes_seen_total", {}, 1),
    ...histogram("etcd_disk_wal_fsync_duration_seconds", {}, now),
    ...histogram("etcd_disk_backend_commit_duration_seconds", {}, now),
  ];
}

function schedulerLines(now: number): string[] {
  return [
    line("scheduler_pending_pods", { queue: "unschedulable" }, 1),
    line("scheduler_schedule_attempts_total", { result: "scheduled" }, now - START),
    ...histogram("scheduler_scheduling_attempt_duration_seconds", {}, now),
  ];
}

function kubeletLines(now: number): string[] {
  return [
    line("kubelet_running_pods", {}, 3),
    line("kubelet_runtime_operations_total", { operation_type: "pull_image" }, now - START),
    ...histogram("kubelet_pod_start_duration_seconds", {}, now),
  ];
}

/** What each kind of target answers, by the value of `job`; Prometheus itself is asked for real. */
export const ANSWERS: Readonly<Record<string, (node: string, now: number) => string[]>> = {
  [SCRAPE_JOBS.stateMetrics]: () => stateLines(),
  [SCRAPE_JOBS.cadvisor]: containerLines,
  [SCRAPE_JOBS.kubelet]: (_, now) => kubeletLines(now),
  [SCRAPE_JOBS.nodeExporter]: () =>
    ["/", "/boot"].flatMap((mountpoint, index) => [
      line("node_filesystem_avail_bytes", { mountpoint }, 5e9 + index),
      line("node_filesystem_size_bytes", { mountpoint }, 1e10),
    ]),
  [SCRAPE_JOBS.apiServer]: (_, now) => apiLines(now),
  [SCRAPE_JOBS.scheduler]: (_, now) => schedulerLines(now),
  [SCRAPE_JOBS.controllerManager]: () => [line("workqueue_depth", { name: "job" }, 2)],
  [SCRAPE_JOBS.etcd]: (_, now) => etcdLines(now),
  [SCRAPE_JOBS.coreDns]: (_, now) => [line("coredns_dns_responses_total", { rcode: "NOERROR" }, now - START)],
  [SCRAPE_JOBS.cvmfsProbe]: (_, now) => probeLines(now),
  [SCRAPE_JOBS.squid]: (_, now) => squidLines(now),
  [SCRAPE_JOBS.logShipper]: (_, now) => [
    line("otelcol_receiver_accepted_log_records_total", {}, now - START),
    line("otelcol_exporter_sent_log_records_total", {}, now - START),
    line("otelcol_exporter_queue_size", {}, 0),
  ],
};
