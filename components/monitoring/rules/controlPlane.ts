/** Rules on the API server, and on scheduler and etcd where they are the site's own. */
import type { MonitoredSite } from "../monitoredSite";
import { SCRAPE_JOBS } from "../names";
import type { Alert, Subject } from "./ruleFile";
import { rateRange, twoScrapes } from "./selectors";

/** Minutes that errors and latencies must last. */
const SLOW_MINUTES = 10;

/** Share of requests that the API server may fail by its own fault. */
const API_ERROR_PERCENT = 5;

/** Seconds of the slowest hundredth of requests on single objects: the objective of Kubernetes' scalability group. */
const API_SECONDS = 1;

/** Seconds of the slowest hundredth of attempts to place a pod; the scheduler's usual is some milliseconds. */
const SCHEDULER_SECONDS = 5;

/** Seconds of the slowest hundredth of etcd's writes to its log; leaders get lost when a write lasts a second. */
const FSYNC_SECONDS = 0.5;

/** Changes of leader within an hour that are no accident any more. */
const LEADER_CHANGES = 3;

/** Days before its end when a client's certificate is told of, and when it is urgent. */
const CERTIFICATE_DAYS = { warning: 7, critical: 1 } as const;

/** The value below which 99 of 100 observations lie. */
function slowest(buckets: string, by: string, range: string): string {
  return `histogram_quantile(0.99, sum by (${by}) (rate(${buckets}[${range}])))`;
}

function certificates(severity: keyof typeof CERTIFICATE_DAYS): Alert {
  const days = CERTIFICATE_DAYS[severity];
  const seconds = days * 86_400;
  // Kubelets count their clients likewise. Prometheus 3 writes the bound of a bucket as a floating-point number, earlier ones as the server does.
  const bucket = `apiserver_client_certificate_expiration_seconds_bucket{job="${SCRAPE_JOBS.apiServer}",le=~"${seconds}|${seconds}[.]0"}`;
  return {
    name: "ClientCertificateExpiring",
    severity,
    minutes: 0,
    expression: `sum(increase(${bucket}[1h])) > 0`,
    summary: `Somebody comes to the API with a certificate that ends within ${days * 24} hours`,
    when: `a client comes to the API with a certificate that ends within ${days * 24} hours`,
    thresholds: [],
  };
}

function apiServer(site: MonitoredSite): Alert[] {
  const range = rateRange(site);
  const requests = (code: string) => `sum(rate(apiserver_request_total${code}[${range}]))`;
  const single = 'apiserver_request_sli_duration_seconds_bucket{verb=~"GET|POST|PUT|PATCH|DELETE",scope="resource"}';
  return [
    {
      name: "ApiServerErrors",
      severity: "critical",
      minutes: SLOW_MINUTES,
      expression: `${requests('{code=~"5.."}')} / ${requests("")} > ${API_ERROR_PERCENT / 100}`,
      summary: "{{ $value | humanizePercentage }} of the requests to the API fail by its own fault",
      when: `over ${API_ERROR_PERCENT} % of the requests to the API fail by its own fault (codes 5xx)`,
      thresholds: [],
    },
    {
      name: "ApiServerSlow",
      severity: "warning",
      minutes: SLOW_MINUTES,
      expression: `${slowest(single, "le, verb", range)} > ${API_SECONDS}`,
      summary:
        "One of a hundred requests {{ $labels.verb }} to the API lasts longer than {{ $value | humanizeDuration }}",
      when: `one of a hundred requests on a single object lasts longer than ${API_SECONDS} s`,
      thresholds: [],
    },
    certificates("warning"),
    certificates("critical"),
  ];
}

function etcd(site: MonitoredSite): Alert[] {
  const { volumePercent } = site.monitoring.thresholds;
  const size = "max by (instance) (etcd_mvcc_db_total_size_in_bytes)";
  return [
    {
      name: "etcdNoLeader",
      severity: "critical",
      minutes: twoScrapes(site),
      expression: "min by (instance) (etcd_server_has_leader) == 0",
      summary: "etcd on {{ $labels.instance }} has no leader",
      when: "a member of etcd has no leader: nothing can be written",
      thresholds: [],
    },
    {
      name: "etcdHighNumberOfLeaderChanges",
      severity: "warning",
      minutes: 0,
      expression: `max(increase(etcd_server_leader_changes_seen_total[1h])) >= ${LEADER_CHANGES}`,
      summary: "etcd changed its leader {{ $value | humanize }} times within an hour",
      when: `etcd changed its leader at least ${LEADER_CHANGES} times within an hour`,
      thresholds: [],
    },
    {
      name: "etcdHighFsyncDurations",
      severity: "warning",
      minutes: SLOW_MINUTES,
      expression:
        `${slowest("etcd_disk_wal_fsync_duration_seconds_bucket", "le, instance", rateRange(site))}` +
        ` > ${FSYNC_SECONDS}`,
      summary:
        "One of a hundred writes of etcd on {{ $labels.instance }} lasts longer than {{ $value | humanizeDuration }}",
      when: `one of a hundred writes of etcd to its log lasts longer than ${FSYNC_SECONDS} s`,
      thresholds: [],
    },
    {
      name: "etcdDatabaseQuotaLowSpace",
      severity: "critical",
      minutes: SLOW_MINUTES,
      expression: `${size} / max by (instance) (etcd_server_quota_backend_bytes) > ${volumePercent / 100}`,
      summary: "etcd on {{ $labels.instance }} has used {{ $value | humanizePercentage }} of the size it may have",
      when: `etcd's database has over ${volumePercent} % of the size it may have; at the end nothing can be written`,
      thresholds: ["volumePercent"],
    },
  ];
}

function scheduler(site: MonitoredSite): Alert {
  const attempts = 'scheduler_scheduling_attempt_duration_seconds_bucket{result="scheduled"}';
  return {
    name: "SchedulerSlow",
    severity: "warning",
    minutes: SLOW_MINUTES,
    expression: `${slowest(attempts, "le", rateRange(site))} > ${SCHEDULER_SECONDS}`,
    summary: "One of a hundred pods takes the scheduler longer than {{ $value | humanizeDuration }}",
    when: `one of a hundred pods takes the scheduler longer than ${SCHEDULER_SECONDS} s`,
    thresholds: [],
  };
}

/** Rules on the control plane. */
export function controlPlane(site: MonitoredSite): Subject {
  const own = site.capabilities.controlPlane !== undefined ? [scheduler(site), ...etcd(site)] : [];
  return { records: [], alerts: [...apiServer(site), ...own] };
}
