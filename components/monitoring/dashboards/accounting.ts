/** What the site delivered, and whether the records and logs of it are kept. */
import { ACCOUNTING_NAMESPACE, SCRAPE_JOBS } from "../names";
import { dashboardOf } from "./dashboard";
import { ofBatchPods, podsIn, STATE } from "./expressions";
import { stat, timeSeries } from "./panels";
import { BYTES, CORE_HOURS, CORES, COUNT, PER_SECOND, SECONDS } from "./units";

const PROMETHEUS = `job="${SCRAPE_JOBS.prometheus}"`;
const SHIPPER = `job="${SCRAPE_JOBS.logShipper}"`;
const RECORDS = `${STATE}, namespace="${ACCOUNTING_NAMESPACE}"`;

/**
 * Core hours of running jobs in a range: their cores, looked at once in five minutes, a twelfth of an hour each. Hours
 * without data count as none.
 */
const coreHours = (range: string) => `sum by (namespace) (sum_over_time(batch_queue:cores_used:sum[${range}:5m])) / 12`;

const delivered = [
  stat(
    {
      title: "Core hours in the time shown",
      description:
        "Whole cores of running jobs, by queue: what jobs asked for, made up for the share of a core that Harvester asks " +
        "for. Exact hours of ended jobs, as APEL gets them: `npm run site -- accounting`, docs/accounting.md.",
      unit: CORE_HOURS,
      queries: [{ expression: coreHours("$__range"), legend: "{{namespace}}" }],
    },
    8,
  ),
  stat(
    {
      title: "Jobs' pods running",
      description: "By queue. Good: as many as the site has room for, as long as PanDA has work.",
      unit: COUNT,
      queries: [{ expression: "batch_queue:pods_running:count", legend: "{{namespace}}" }],
    },
    8,
  ),
  stat(
    {
      title: "Jobs that ended and are still known",
      description: "By queue and result, until their time to live is over.",
      unit: COUNT,
      queries: [{ expression: "batch_queue:jobs_ended:count", legend: "{{namespace}} {{result}}" }],
    },
    8,
  ),
  timeSeries(
    {
      title: "Core hours by day",
      description:
        "A bar is the 24 hours before it. Good: the number of cores times 24, less what packing and draining cost.",
      unit: CORE_HOURS,
      queries: [{ expression: coreHours("1d"), legend: "{{namespace}}" }],
    },
    { stacked: true, bars: true, step: "1d" },
  ),
  timeSeries(
    {
      title: "Core hours by month",
      description: "Each value is of the 30 days before it. Good: grows in a site's first month, then stays.",
      unit: CORE_HOURS,
      queries: [{ expression: coreHours("30d"), legend: "{{namespace}}" }],
    },
    { stacked: true, step: "1d" },
  ),
  timeSeries(
    {
      title: "Cores in use",
      description: "Whole cores of running jobs, by queue.",
      unit: CORES,
      queries: [{ expression: "sum by (namespace) (batch_queue:cores_used:sum)", legend: "{{namespace}}" }],
    },
    { stacked: true },
  ),
  timeSeries({
    title: "Pods running and ended",
    description: "By queue; ended ones as far as their Jobs are still kept. Good: accounting sees each of them once.",
    unit: COUNT,
    queries: [
      { expression: "batch_queue:pods_running:count", legend: "running, {{namespace}}" },
      {
        expression: `count by (namespace) (${ofBatchPods(`kube_pod_completion_time{${STATE}}`)})`,
        legend: "ended, {{namespace}}",
      },
      { expression: `count(${ofBatchPods(podsIn("Failed"))}) or vector(0)`, legend: "failed" },
    ],
  }),
];

const records = [
  timeSeries({
    title: "Time since the last records",
    description:
      "Since a run of the accounting job ended well, or, before the first, since it was set up. Good: below 26 hours. " +
      "Nothing is shown where the site sends no records.",
    alerts: ["AccountingRunOverdue"],
    unit: SECONDS,
    queries: [
      {
        expression:
          `time() - (kube_cronjob_status_last_successful_time{${RECORDS}}` +
          ` or on (namespace, cronjob) kube_cronjob_created{${RECORDS}})`,
        legend: "{{cronjob}}",
      },
    ],
  }),
  timeSeries({
    title: "Runs of accounting",
    description: "Jobs that are still known, by result. Good: none failed.",
    alerts: ["AccountingRunFailed"],
    unit: COUNT,
    queries: [
      { expression: `sum(kube_job_status_succeeded{${RECORDS}}) or vector(0)`, legend: "succeeded" },
      { expression: `sum(kube_job_status_failed{${RECORDS}}) or vector(0)`, legend: "failed" },
      { expression: `sum(kube_job_status_active{${RECORDS}}) or vector(0)`, legend: "running" },
    ],
  }),
  timeSeries({
    title: "How far back Prometheus remembers",
    description:
      "Age of its oldest data, and how long it keeps them. Good: at least two months, which a month's records need.",
    unit: SECONDS,
    queries: [
      { expression: `time() - prometheus_tsdb_lowest_timestamp_seconds{${PROMETHEUS}}`, legend: "oldest" },
      { expression: `prometheus_tsdb_retention_limit_seconds{${PROMETHEUS}}`, legend: "kept" },
    ],
  }),
  timeSeries({
    title: "Disk of Prometheus",
    description: "Finished blocks, and the size at which the oldest are thrown away early. Good: far apart.",
    alerts: ["PrometheusDropsData"],
    unit: BYTES,
    queries: [
      { expression: `prometheus_tsdb_storage_blocks_bytes{${PROMETHEUS}}`, legend: "blocks" },
      { expression: `prometheus_tsdb_retention_limit_bytes{${PROMETHEUS}}`, legend: "limit" },
    ],
  }),
];

const logs = [
  timeSeries({
    title: "Log lines that leave",
    description: "Read on nodes and taken by the archive. Good: the same. Nothing is shown where logs are not shipped.",
    alerts: ["LogArchiveRejecting", "LogsLost"],
    unit: PER_SECOND,
    queries: [
      {
        expression: `sum(rate(otelcol_receiver_accepted_log_records_total{${SHIPPER}}[$__rate_interval]))`,
        legend: "read",
      },
      {
        expression: `sum(rate(otelcol_exporter_sent_log_records_total{${SHIPPER}}[$__rate_interval]))`,
        legend: "sent",
      },
    ],
  }),
  timeSeries({
    title: "Log lines that wait",
    description:
      "Bytes in the queues on disk, by node, of 256 MiB each. Good: near 0; growing means that the archive does not take them.",
    alerts: ["LogQueueFilling"],
    unit: BYTES,
    queries: [{ expression: `sum by (node) (otelcol_exporter_queue_size{${SHIPPER}})`, legend: "{{node}}" }],
  }),
];

/** Dashboard "Accounting". */
export function accounting() {
  return dashboardOf({
    name: "accounting",
    title: "ATLAS site: accounting",
    description: "What did the site deliver, and are the records and logs of it kept?",
    from: "now-30d",
    rows: [
      { title: "Delivered", panels: delivered },
      { title: "Records", panels: records },
      { title: "Logs", panels: logs },
    ],
  });
}
