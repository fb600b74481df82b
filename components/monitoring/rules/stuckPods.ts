/** Rules on pods and Jobs that come to nothing: Harvester waits for them for two days, or cancels them without a word. */
import type { MonitoredSite } from "../monitoredSite";
import type { Alert, Subject } from "./ruleFile";
import { inQueues, queuePodsIn, rateRange, series, twoScrapes } from "./selectors";

const POD = "namespace, pod, uid";

/**
 * Reasons to wait that Harvester takes for an ordinary wait. CreateContainerError, CrashLoopBackOff and FailedMount it
 * sees by itself.
 */
const SILENT_REASONS = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"];
const CONFIGURATION_REASONS = ["CreateContainerConfigError"];

/** Minutes in which a Job has its pod, or has none because the cluster refuses it. */
const POD_MADE_MINUTES = 5;

/** Minutes in which the Job controller, busy as it may be, writes down how a Job ended. */
const ENDING_MINUTES = 2;

/** Minutes for which the API must refuse; a first start of Harvester asks for other namespaces for some seconds. */
const REFUSED_MINUTES = 15;

function waitingFor(site: MonitoredSite, reasons: readonly string[]): string {
  const matched = series("kube_pod_container_status_waiting_reason", `reason=~"${reasons.join("|")}"`, inQueues(site));
  return `max by (${POD}) (${matched} == 1)`;
}

function waiting(site: MonitoredSite): Alert[] {
  const { startingMinutes } = site.monitoring.thresholds;
  const scheduled = series("kube_pod_status_scheduled_time", inQueues(site));
  const known = waitingFor(site, [...SILENT_REASONS, ...CONFIGURATION_REASONS]);
  return [
    {
      name: "ImagePullFailing",
      severity: "warning",
      minutes: startingMinutes,
      expression: `count by (namespace) (${waitingFor(site, SILENT_REASONS)})`,
      summary: "{{ $value }} pods of {{ $labels.namespace }} do not get their image",
      when: "pods of a queue do not get their image",
      thresholds: ["startingMinutes"],
    },
    {
      name: "PodConfigurationMissing",
      severity: "warning",
      minutes: startingMinutes,
      expression: `count by (namespace) (${waitingFor(site, CONFIGURATION_REASONS)})`,
      summary: "{{ $value }} pods of {{ $labels.namespace }} name a Secret or ConfigMap that is not there",
      when: "pods of a queue name a Secret or ConfigMap that is not there",
      thresholds: ["startingMinutes"],
    },
    {
      name: "PodsNotStarting",
      severity: "warning",
      minutes: 0,
      expression:
        `count by (namespace, node) (batch:pod_cores:request{node!=""} and on (${POD}) ${queuePodsIn(site, "Pending")}` +
        ` and on (${POD}) (${scheduled} < time() - ${startingMinutes * 60}) unless on (${POD}) ${known})`,
      summary: `{{ $value }} pods of {{ $labels.namespace }} have been starting on {{ $labels.node }} for over ${startingMinutes} minutes`,
      when: `a pod of a queue has a node and does not run there after ${startingMinutes} minutes, as with a volume that hangs`,
      thresholds: ["startingMinutes"],
    },
  ];
}

function withoutPod(site: MonitoredSite): Alert {
  const job = (metric: string, ...matchers: string[]) =>
    `max by (namespace, job_name) (${series(metric, ...matchers, inQueues(site))})`;
  const done = (metric: string) => ` unless on (namespace, job_name) (${job(metric, 'condition="true"')} == 1)`;
  const old = ` and on (namespace, job_name) (${job("kube_job_created")} < time() - ${POD_MADE_MINUTES * 60})`;
  return {
    name: "JobsWithoutPod",
    severity: "warning",
    // A Job whose pod has just ended has neither for a moment, and of many Jobs there is always one.
    minutes: Math.max(ENDING_MINUTES, twoScrapes(site)),
    expression:
      `count by (namespace) ((${job("kube_job_status_active")} == 0)` +
      `${done("kube_job_complete")}${done("kube_job_failed")}${old})`,
    summary: "{{ $value }} Jobs of {{ $labels.namespace }} have neither a pod nor a result",
    when: `a Job of a queue has neither a pod nor a result ${POD_MADE_MINUTES} minutes after it was made`,
    thresholds: [],
  };
}

/** Who was refused the API server does not count; but Jobs are made by Harvester, and pods mostly for Jobs. */
function apiRefuses(site: MonitoredSite): Alert {
  const refused = 'apiserver_request_total{resource=~"jobs|pods",verb="POST",subresource="",code=~"403|422"}';
  return {
    name: "ApiRefusesJobs",
    severity: "warning",
    minutes: REFUSED_MINUTES,
    expression: `sum by (resource, code) (increase(${refused}[${rateRange(site)}])) > 0`,
    summary: "The API refuses new {{ $labels.resource }} with code {{ $labels.code }}",
    when: `the API refuses to make Jobs or pods (codes 403, 422) again and again for ${REFUSED_MINUTES} minutes`,
    thresholds: [],
  };
}

/** Rules on pods and Jobs that come to nothing. */
export function stuckPods(site: MonitoredSite): Subject {
  return { records: [], alerts: [...waiting(site), withoutPod(site), apiRefuses(site)] };
}
