/** Rules on how jobs end: the share that succeeds, and what makes them fail. */
import type { MonitoredSite } from "../monitoredSite";
import type { Alert, RecordingRule, Subject } from "./ruleFile";
import { NONE_OF_EACH_QUEUE, inQueues, queuePodsIn, series } from "./selectors";

const POD = "namespace, pod, uid";

/** Core time of ended pods. Finished Jobs stay for a time, `keepFinishedHours`, and that is the window of these figures. */
function wallclock(site: MonitoredSite): RecordingRule[] {
  const time = (metric: string) => `max by (${POD}) (${series(metric, inQueues(site))})`;
  const phases = series("kube_pod_status_phase", 'phase=~"Succeeded|Failed"', inQueues(site));
  const success = (by: string, all: string) =>
    `(sum ${by}(${all}{phase="Succeeded"}) or sum ${by}(${all}) * 0) / (sum ${by}(${all}) > 0)`;
  return [
    {
      record: "batch:pod_wallclock_core_seconds",
      expr:
        `(${time("kube_pod_completion_time")} - ${time("kube_pod_start_time")})` +
        ` * sum by (${POD}) (batch:pod_cores:request) and on (${POD}) ${queuePodsIn(site, "Succeeded", "Failed")}`,
    },
    {
      record: "batch_queue:wallclock_core_seconds:sum",
      expr:
        `sum by (namespace, phase) (max by (${POD}, phase) (${phases} == 1)` +
        ` * on (${POD}) group_left () batch:pod_wallclock_core_seconds)`,
    },
    {
      record: "batch:wallclock_core_seconds:sum",
      expr: "sum by (phase) (batch_queue:wallclock_core_seconds:sum)",
    },
    {
      record: "batch_queue:wallclock_success:ratio",
      expr: success("by (namespace) ", "batch_queue:wallclock_core_seconds:sum"),
    },
    { record: "batch:wallclock_success:ratio", expr: success("", "batch_queue:wallclock_core_seconds:sum") },
  ];
}

function ended(site: MonitoredSite): RecordingRule[] {
  const counted = (metric: string, result: string): RecordingRule => ({
    record: "batch_queue:jobs_ended:count",
    expr:
      `sum by (namespace) (max by (namespace, job_name) (${series(metric, 'condition="true"', inQueues(site))}))` +
      ` or ${NONE_OF_EACH_QUEUE}`,
    labels: { result },
  });
  const all = "batch_queue:jobs_ended:count";
  return [
    counted("kube_job_complete", "complete"),
    counted("kube_job_failed", "failed"),
    {
      record: "batch_queue:job_failure:ratio",
      expr: `sum by (namespace) (${all}{result="failed"}) / (sum by (namespace) (${all}) > 0)`,
    },
    { record: "batch:job_failure:ratio", expr: `sum(${all}{result="failed"}) / (sum(${all}) > 0)` },
  ];
}

/** A node on which job after job fails, fast, and so empties the queue. */
function nodeSwallowsJobs(site: MonitoredSite): Alert {
  const { nodeFailures, jobFailureMinutes } = site.monitoring.thresholds;
  const finished = `(${series("kube_pod_completion_time", inQueues(site))} > time() - ${jobFailureMinutes * 60})`;
  const pods = (phase: string) =>
    `count by (node) (batch:pod_cores:request{node!=""} and on (${POD}) ${queuePodsIn(site, phase)}` +
    ` and on (${POD}) ${finished})`;
  return {
    name: "NodeBlackHole",
    severity: "critical",
    minutes: 0,
    expression: `${pods("Failed")} >= ${nodeFailures} unless on (node) ${pods("Succeeded")}`,
    summary: `On node {{ $labels.node }} {{ $value }} pods failed within ${jobFailureMinutes} minutes and none succeeded`,
    when: `at least ${nodeFailures} pods failed on one node within ${jobFailureMinutes} minutes and none succeeded there`,
    thresholds: ["nodeFailures", "jobFailureMinutes"],
  };
}

function alerts(site: MonitoredSite): Alert[] {
  const { wallclockSuccessPercent, wallclockMinutes, jobFailurePercent, jobFailureLeast, jobFailureMinutes } =
    site.monitoring.thresholds;
  const enough = `(sum by (namespace) (batch_queue:jobs_ended:count) >= ${jobFailureLeast})`;
  const outOfMemory = series("kube_pod_container_status_terminated_reason", 'reason="OOMKilled"', inQueues(site));
  return [
    {
      name: "WallclockSuccessLow",
      severity: "warning",
      minutes: wallclockMinutes,
      expression: `batch_queue:wallclock_success:ratio < ${wallclockSuccessPercent / 100}`,
      summary:
        "Of the core time of {{ $labels.namespace }} only {{ $value | humanizePercentage }} went into pods that succeeded",
      when: `less than ${wallclockSuccessPercent} % of a queue's core time went into pods that succeeded`,
      thresholds: ["wallclockSuccessPercent", "wallclockMinutes"],
    },
    {
      name: "JobsFailing",
      severity: "warning",
      minutes: jobFailureMinutes,
      expression: `batch_queue:job_failure:ratio > ${jobFailurePercent / 100} and on (namespace) ${enough}`,
      summary: "{{ $value | humanizePercentage }} of the ended Jobs of {{ $labels.namespace }} failed",
      when: `over ${jobFailurePercent} % of at least ${jobFailureLeast} ended Jobs of a queue failed`,
      thresholds: ["jobFailurePercent", "jobFailureLeast", "jobFailureMinutes"],
    },
    {
      name: "JobsOutOfMemory",
      severity: "info",
      minutes: jobFailureMinutes,
      expression:
        `count by (namespace) (max by (${POD}) (${outOfMemory} == 1)) / on (namespace) ${enough}` +
        ` > ${jobFailurePercent / 100}`,
      summary:
        "{{ $value | humanizePercentage }} of the ended Jobs of {{ $labels.namespace }} were killed for their memory",
      when: `over ${jobFailurePercent} % of at least ${jobFailureLeast} ended Jobs of a queue were killed for their memory`,
      thresholds: ["jobFailurePercent", "jobFailureLeast", "jobFailureMinutes"],
    },
    nodeSwallowsJobs(site),
  ];
}

/** Rules on how jobs end. */
export function jobs(site: MonitoredSite): Subject {
  return { records: [...wallclock(site), ...ended(site)], alerts: alerts(site) };
}
