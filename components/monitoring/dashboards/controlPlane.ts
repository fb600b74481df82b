/** Kubernetes itself, and what watches it. In a cluster that is another's its control plane may show nothing here. */
import { MONITORING_NAMESPACE, NODE_METRICS_NAMESPACE, SCRAPE_JOBS } from "../names";
import { dashboardOf } from "./dashboard";
import { CONTAINERS, quantile } from "./expressions";
import { timeSeries } from "./panels";
import { BYTES, CORES, COUNT, PER_SECOND, REQUESTS_PER_SECOND, SECONDS, SHARE } from "./units";

const jobIs = (job: string) => `job="${job}"`;
const API = jobIs(SCRAPE_JOBS.apiServer);
const ETCD = jobIs(SCRAPE_JOBS.etcd);
const SCHEDULER = jobIs(SCRAPE_JOBS.scheduler);
const CONTROLLERS = jobIs(SCRAPE_JOBS.controllerManager);
const KUBELET = jobIs(SCRAPE_JOBS.kubelet);
const DNS = jobIs(SCRAPE_JOBS.coreDns);
const PROMETHEUS = jobIs(SCRAPE_JOBS.prometheus);
const WATCHERS = `namespace=~"${MONITORING_NAMESPACE}|${NODE_METRICS_NAMESPACE}"`;

/** Where nothing waits, nothing is decided for minutes. */
const LATELY = { window: "1h" };

const rateOf = (counter: string, selector: string, by: string) =>
  `sum by (${by}) (rate(${counter}{${selector}}[$__rate_interval]))`;

const api = [
  timeSeries({
    title: "Requests to the API",
    description: "By verb. Good: steady; a client in a loop shows as a step.",
    unit: REQUESTS_PER_SECOND,
    queries: [{ expression: rateOf("apiserver_request_total", API, "verb"), legend: "{{verb}}" }],
  }),
  timeSeries({
    title: "Answers of the API that are errors",
    description:
      "By code. 403 and 422 are refusals, of rights and of the site's rules; 429 means it is overloaded. Good: no 5xx.",
    alerts: ["ApiServerErrors", "ApiRefusesJobs"],
    unit: REQUESTS_PER_SECOND,
    queries: [{ expression: rateOf("apiserver_request_total", `${API}, code=~"4..|5.."`, "code"), legend: "{{code}}" }],
  }),
  timeSeries({
    title: "Slow answers of the API",
    description: "99 of 100 answers are quicker, watches not counted. Good: below one second.",
    alerts: ["ApiServerSlow"],
    unit: SECONDS,
    queries: [
      {
        expression: quantile(0.99, "apiserver_request_sli_duration_seconds", `${API}, verb!~"WATCH|CONNECT"`, {
          by: ["verb"],
        }),
        legend: "{{verb}}",
      },
    ],
  }),
  timeSeries({
    title: "Objects in the API",
    description:
      "The five kinds there are most of. Good: no kind grows for ever; ended Pods go with their Jobs' time to live.",
    alerts: ["TerminatedPodsNearGcThreshold"],
    unit: COUNT,
    queries: [
      { expression: `topk(5, max by (resource) (apiserver_resource_objects{${API}}))`, legend: "{{resource}}" },
    ],
  }),
  timeSeries({
    title: "Audit events",
    description: "Written by API servers; 0 means that nothing can be traced. Good: near the number of requests.",
    unit: PER_SECOND,
    queries: [{ expression: rateOf("apiserver_audit_event_total", API, "instance"), legend: "{{instance}}" }],
  }),
  timeSeries({
    title: "Names asked for",
    description:
      "Questions to CoreDNS by answer. Good: mostly NOERROR and NXDOMAIN; SERVFAIL means it lost its own servers.",
    alerts: ["CoreDNSErrorsHigh"],
    unit: REQUESTS_PER_SECOND,
    queries: [{ expression: rateOf("coredns_dns_responses_total", DNS, "rcode"), legend: "{{rcode}}" }],
  }),
];

const etcd = [
  timeSeries({
    title: "Size of etcd's database",
    description:
      "On disk and in use. Good: far below its quota of 2 GiB, at which the cluster takes no change any more.",
    alerts: ["etcdDatabaseQuotaLowSpace"],
    unit: BYTES,
    queries: [
      { expression: `max by (instance) (etcd_mvcc_db_total_size_in_bytes{${ETCD}})`, legend: "on disk, {{instance}}" },
      {
        expression: `max by (instance) (etcd_mvcc_db_total_size_in_use_in_bytes{${ETCD}})`,
        legend: "in use, {{instance}}",
      },
    ],
  }),
  timeSeries({
    title: "Slow writes of etcd",
    description: "99 of 100 writes to disk are quicker. Good: below 10 ms; slow disks make the whole cluster slow.",
    alerts: ["etcdHighFsyncDurations"],
    unit: SECONDS,
    queries: [
      {
        expression: quantile(0.99, "etcd_disk_wal_fsync_duration_seconds", ETCD, { by: ["instance"] }),
        legend: "log, {{instance}}",
      },
      {
        expression: quantile(0.99, "etcd_disk_backend_commit_duration_seconds", ETCD, { by: ["instance"] }),
        legend: "data, {{instance}}",
      },
    ],
  }),
  timeSeries({
    title: "Members with a leader",
    description: "Good: all members, always.",
    alerts: ["etcdNoLeader"],
    unit: COUNT,
    queries: [{ expression: `sum(etcd_server_has_leader{${ETCD}})`, legend: "members" }],
  }),
  timeSeries({
    title: "Changes of etcd's leader",
    description: "In the hour before. Good: 0, but when a member restarts.",
    alerts: ["etcdHighNumberOfLeaderChanges"],
    unit: COUNT,
    queries: [{ expression: `max(increase(etcd_server_leader_changes_seen_total{${ETCD}}[1h]))`, legend: "changes" }],
  }),
];

const deciding = [
  timeSeries(
    {
      title: "Pods the scheduler knows of",
      description:
        "Active: next. Backoff: soon again. Unschedulable: no node has room. Good: nothing stays in backoff.",
      unit: COUNT,
      queries: [{ expression: `sum by (queue) (scheduler_pending_pods{${SCHEDULER}})`, legend: "{{queue}}" }],
    },
    { stacked: true },
  ),
  timeSeries({
    title: "Decisions of the scheduler",
    description: "By result. Good: no errors. Unschedulable ones are normal while jobs wait.",
    unit: PER_SECOND,
    queries: [{ expression: rateOf("scheduler_schedule_attempts_total", SCHEDULER, "result"), legend: "{{result}}" }],
  }),
  timeSeries({
    title: "Time of a decision",
    description: "Of the scheduler in the hour before, by share of decisions that are quicker. Good: below one second.",
    alerts: ["SchedulerSlow"],
    unit: SECONDS,
    queries: [
      { expression: quantile(0.5, "scheduler_scheduling_attempt_duration_seconds", SCHEDULER, LATELY), legend: "half" },
      {
        expression: quantile(0.99, "scheduler_scheduling_attempt_duration_seconds", SCHEDULER, LATELY),
        legend: "99 %",
      },
    ],
  }),
  timeSeries({
    title: "Work the controllers have before them",
    description: "The five longest queues. Good: near 0; a long queue `job` means that pods come late.",
    unit: COUNT,
    queries: [{ expression: `topk(5, sum by (name) (workqueue_depth{${CONTROLLERS}}))`, legend: "{{name}}" }],
  }),
  timeSeries({
    title: "Errors of container runtimes",
    description: "By node, as kubelets see them. Good: 0, but for a few when pods end.",
    unit: PER_SECOND,
    queries: [
      {
        // A kubelet counts no errors before the first; its operations it counts from the start.
        expression:
          rateOf("kubelet_runtime_operations_errors_total", KUBELET, "node") +
          ` or 0 * ${rateOf("kubelet_runtime_operations_total", KUBELET, "node")}`,
        legend: "{{node}}",
      },
    ],
  }),
];

const watching = [
  timeSeries(
    {
      title: "Targets that answer",
      description: "Share by job. Good: all 100 %. What a job is: docs/monitoring.md.",
      alerts: ["TargetDown", "TargetsAbsent"],
      unit: SHARE,
      queries: [{ expression: "avg by (job) (up)", legend: "{{job}}" }],
    },
    { max: 1 },
  ),
  timeSeries({
    title: "Series in Prometheus",
    description: "Of the last hours. Good: steady; each costs some kilobytes of memory.",
    unit: COUNT,
    queries: [{ expression: `prometheus_tsdb_head_series{${PROMETHEUS}}`, legend: "series" }],
  }),
  timeSeries(
    {
      title: "Memory of monitoring",
      description: "Of its own pods, node-exporters too. Good: below the limits of docs/monitoring.md.",
      unit: BYTES,
      queries: [
        {
          expression: `sum by (pod) (container_memory_working_set_bytes{${CONTAINERS}, ${WATCHERS}})`,
          legend: "{{pod}}",
        },
      ],
    },
    { stacked: true },
  ),
  timeSeries(
    {
      title: "Processors of monitoring",
      description: "Of its own pods, node-exporters too. Good: a small part of one core on a small site.",
      unit: CORES,
      queries: [
        {
          expression: rateOf("container_cpu_usage_seconds_total", `${CONTAINERS}, ${WATCHERS}`, "pod"),
          legend: "{{pod}}",
        },
      ],
    },
    { stacked: true },
  ),
];

/** Dashboard "Control plane". */
export function controlPlane() {
  return dashboardOf({
    name: "control-plane",
    title: "ATLAS site: control plane",
    description: "Is Kubernetes quick and whole, and is it watched?",
    from: "now-6h",
    rows: [
      { title: "API", panels: api },
      { title: "etcd", panels: etcd },
      { title: "Scheduler, controllers, kubelets", panels: deciding },
      { title: "Monitoring itself", panels: watching },
    ],
  });
}
