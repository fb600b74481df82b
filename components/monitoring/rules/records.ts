/** Rules on what leaves the site for the record: accounting and logs. */
import type { MonitoredSite } from "../monitoredSite";
import { ACCOUNTING_NAMESPACE, SCRAPE_JOBS } from "../names";
import type { Alert, Subject } from "./ruleFile";
import { grownOnNode, rateRange } from "./selectors";

/** Hours without accounting that are told: it runs once a day, and may take two hours. */
const LATE_HOURS = 26;

/** Minutes that the archive of logs may refuse them; so long the shippers keep what they read. */
const REFUSED_MINUTES = 15;

/** Share of a shipper's queue from which on it is told. */
const QUEUE_PERCENT = 80;

const IN_ACCOUNTING = `namespace="${ACCOUNTING_NAMESPACE}"`;

function accounting(site: MonitoredSite): Alert[] {
  if (site.accounting.mode === "none") {
    return [];
  }
  const of = (metric: string) => `max by (namespace, cronjob) (${metric}{${IN_ACCOUNTING}})`;
  const success = of("kube_cronjob_status_last_successful_time");
  const created = of("kube_cronjob_created");
  const owner = `kube_job_owner{${IN_ACCOUNTING},owner_kind="CronJob"}`;
  const failed = `kube_job_failed{${IN_ACCOUNTING},condition="true"} == 1`;
  return [
    {
      name: "AccountingRunOverdue",
      severity: "warning",
      minutes: 0,
      // One that never succeeded counts from when it was made.
      expression: `time() - (${success} or ${created}) > ${LATE_HOURS * 3600}`,
      summary: `{{ $labels.cronjob }} has made no accounting records for {{ $value | humanizeDuration }}`,
      when: `accounting has not succeeded for ${LATE_HOURS} hours`,
      thresholds: [],
    },
    {
      name: "AccountingRunFailed",
      severity: "warning",
      minutes: 0,
      // Only a failure after the last success: failed Jobs stay for people to look at.
      expression:
        "max by (namespace, cronjob) (label_replace(" +
        `kube_job_created{${IN_ACCOUNTING}} * on (namespace, job_name) group_left (owner_name) ${owner}` +
        ` and on (namespace, job_name) (${failed}), "cronjob", "$1", "owner_name", "(.+)"))` +
        ` > on (namespace, cronjob) (${success} or ${created} * 0)`,
      summary: "The last run of {{ $labels.cronjob }} failed",
      when: "a run of accounting failed and none succeeded after it",
      thresholds: [],
    },
  ];
}

function logs(site: MonitoredSite): Alert[] {
  if (site.logs.mode === "none") {
    return [];
  }
  const { nodeMinutes } = site.monitoring.thresholds;
  const shipper = `job="${SCRAPE_JOBS.logShipper}"`;
  const grown = (metric: string) => `sum by (node) (increase(${metric}{${shipper}}[${rateRange(site)}]))`;
  // A shipper counts no losses before the first.
  const lost = (metric: string) => `sum by (node) ${grownOnNode(metric, SCRAPE_JOBS.logShipper, rateRange(site))}`;
  return [
    {
      name: "LogShipperMissing",
      severity: "warning",
      minutes: nodeMinutes,
      expression:
        'max by (node) (kube_node_status_condition{condition="Ready",status="true"}) == 1' +
        ` unless on (node) (up{${shipper}} == 1)`,
      summary: "No log leaves node {{ $labels.node }}",
      when: "a Ready node has no log shipper that answers",
      thresholds: ["nodeMinutes"],
    },
    {
      name: "LogArchiveRejecting",
      severity: "warning",
      minutes: REFUSED_MINUTES,
      expression:
        `(${grown("otelcol_receiver_accepted_log_records_total")} > 0` +
        ` or max by (node) (otelcol_exporter_queue_size{${shipper}}) > 0)` +
        ` unless on (node) ${grown("otelcol_exporter_sent_log_records_total")} > 0`,
      summary: "The archive takes no log of {{ $labels.node }}",
      when: "a shipper has lines to send and the archive takes none of them",
      thresholds: [],
    },
    {
      name: "LogQueueFilling",
      severity: "warning",
      minutes: REFUSED_MINUTES,
      expression:
        `max by (node) (otelcol_exporter_queue_size{${shipper}} / otelcol_exporter_queue_capacity{${shipper}})` +
        ` > ${QUEUE_PERCENT / 100}`,
      summary: "The queue of logs on {{ $labels.node }} is full to {{ $value | humanizePercentage }}",
      when: `a shipper's queue is full to over ${QUEUE_PERCENT} %: the archive takes less than the node writes`,
      thresholds: [],
    },
    {
      name: "LogsLost",
      severity: "critical",
      minutes: 0,
      expression:
        `${lost("otelcol_exporter_send_failed_log_records_total")} > 0 or` +
        ` ${lost("otelcol_exporter_enqueue_failed_log_records_total")} > 0`,
      summary: "Log lines of {{ $labels.node }} are lost: neither the archive nor the queue took them",
      when: "a shipper gave up log lines that neither the archive nor its queue took",
      thresholds: [],
    },
  ];
}

/** Rules on accounting and logs; none for what the site does not have. */
export function records(site: MonitoredSite): Subject {
  return { records: [], alerts: [...accounting(site), ...logs(site)] };
}
