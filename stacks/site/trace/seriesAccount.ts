/** What Prometheus tells of a Job, from what kube-state-metrics said of it while it was there. */
import { withoutGaps } from "./auditAccount";
import { workerOf } from "./jobName";
import { digestOf } from "./podAccount";
import type { Account, TracedContainer, TracedPod } from "./trace";

/** The last value of a series; its name is the label `__name__`. */
export interface LastValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics of a Job that a trace reads. */
const OF_JOB = ["created", "complete", "failed", "status_start_time", "status_completion_time"];

/** Metrics of a pod that a trace reads. */
const OF_POD = [
  ...["info", "container_info", "container_resource_requests", "labels", "created", "start_time", "completion_time"],
  ...["status_phase", "status_reason", "status_scheduled_time", "container_status_terminated_reason"],
  ...["container_state_started", "container_status_last_terminated_exitcode"],
];

/** Phases, the one that nothing follows first. */
const PHASES = ["Succeeded", "Failed", "Unknown", "Running", "Pending"];

/** Question after what there was of a Job, in any namespace. */
export function jobQuery(job: string, days: number): string {
  return lastOf(`{__name__=~"kube_job_(${OF_JOB.join("|")})",job_name=${quoted(job)}}`, days);
}

/** Question after which pods a Job had. */
export function podsQuery(job: string, days: number): string {
  return lastOf(`kube_pod_info{created_by_kind="Job",created_by_name=${quoted(job)}}`, days);
}

/** Question after what there was of these pods. */
export function podQuery(namespace: string, pods: readonly string[], days: number): string {
  const names = `{__name__=~"kube_pod_(${OF_POD.join("|")})"`;
  return lastOf(`${names},namespace=${quoted(namespace)},pod=~"${pods.map(escaped).join("|")}"}`, days);
}

/** The last value of each series there was in these days: what is gone from the cluster is still there. */
function lastOf(selector: string, days: number): string {
  return `last_over_time(${selector}[${days}d])`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Names have no letter of a regular expression but the point, which a text in a text escapes twice. */
function escaped(name: string): string {
  return name.replaceAll(".", "\\\\.");
}

/** Everything that the series tell of a Job in a namespace. */
export function seriesAccount(series: readonly LastValue[], job: string, namespace: string): Account {
  const own = series.filter(({ labels }) => labels.namespace === namespace);
  const ofJob = (name: string) =>
    own.find(({ labels }) => labels.__name__ === `kube_job_${name}` && labels.job_name === job);
  const holds = (name: string) =>
    own.some(
      ({ labels, value }) =>
        labels.__name__ === `kube_job_${name}` && labels.job_name === job && labels.condition === "true" && value === 1,
    );
  const names = own
    .filter(({ labels }) => labels.__name__ === "kube_pod_info" && labels.created_by_name === job)
    .map(({ labels }) => labels.pod)
    .filter((name) => name !== undefined);
  const pods = [...new Set(names)].sort().map((name) => podFrom(own, name));
  const running = pods.some(({ phase }) => phase === "Running") ? ("running" as const) : undefined;
  const labels = own.find(
    (one) => one.labels.__name__ === "kube_pod_labels" && names.includes(one.labels.pod ?? ""),
  )?.labels;
  return withoutGaps({
    belongs: withoutGaps({
      workerId: workerOf(job),
      queue: labels?.label_pq,
      resourceType: labels?.label_resource_type,
      prodSourceLabel: labels?.label_prod_source_label,
    }),
    created: timeOf(ofJob("created")?.value),
    started: timeOf(ofJob("status_start_time")?.value),
    ended: timeOf(ofJob("status_completion_time")?.value),
    outcome: holds("complete") ? ("succeeded" as const) : holds("failed") ? ("failed" as const) : running,
    pods,
    touches: [],
  });
}

/**
 * A pod has more than one series of a metric: those from before it had a node or an image, and those of an exporter that
 * was started anew. What is true of a pod stays true, so the one that says most is the last.
 */
function podFrom(series: readonly LastValue[], name: string): TracedPod {
  const own = series.filter(({ labels }) => labels.pod === name);
  const all = (metric: string) => own.filter(({ labels }) => labels.__name__ === `kube_pod_${metric}`);
  const time = (metric: string) => timeOf(all(metric).at(0)?.value);
  const phases = all("status_phase")
    .filter(({ value }) => value === 1)
    .map(({ labels }) => labels.phase);
  const infos = all("info").map(({ labels }) => labels);
  const containers = [...new Set(all("container_info").map(({ labels }) => labels.container ?? ""))].sort();
  return withoutGaps({
    name,
    uid: infos.at(0)?.uid,
    node: infos.find(({ node }) => node)?.node,
    created: time("created"),
    scheduled: time("status_scheduled_time"),
    started: time("start_time"),
    ended: time("completion_time"),
    phase: PHASES.find((phase) => phases.includes(phase)),
    reason: all("status_reason").find(({ value }) => value === 1)?.labels.reason,
    cores: coresOf(all("container_resource_requests")),
    containers: containers.map((container) => containerFrom(own, container)),
  });
}

function coresOf(requests: readonly LastValue[]): number | undefined {
  const byContainer = new Map(
    requests
      .filter(({ labels }) => labels.resource === "cpu")
      .map(({ labels, value }) => [labels.container, value] as const),
  );
  return byContainer.size === 0 ? undefined : [...byContainer.values()].reduce((sum, cores) => sum + cores, 0);
}

function containerFrom(pod: readonly LastValue[], name: string): TracedContainer {
  const all = (metric: string) =>
    pod.filter(({ labels }) => labels.__name__ === `kube_pod_container_${metric}` && labels.container === name);
  const infos = all("info").map(({ labels }) => labels);
  const info = infos.find(({ image_id: id }) => digestOf(id) !== undefined) ?? infos.at(0);
  return withoutGaps({
    name,
    image: info?.image_spec || info?.image || undefined,
    digest: digestOf(info?.image_id),
    started: timeOf(all("state_started").at(0)?.value),
    reason: all("status_terminated_reason").find(({ value }) => value === 1)?.labels.reason,
    exitCode: all("status_last_terminated_exitcode").at(0)?.value,
  });
}

function timeOf(seconds: number | undefined): string | undefined {
  return seconds === undefined || !(seconds > 0)
    ? undefined
    : new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
