/** What the tests of traces are made of: the log of a real API server, and series as kube-state-metrics has them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assembleTrace, type Found } from "../../../stacks/site/trace/assemble";
import { auditEventsOf, type AuditEvent } from "../../../stacks/site/trace/auditEvent";
import type { LastValue } from "../../../stacks/site/trace/seriesAccount";
import type { Trace } from "../../../stacks/site/trace/trace";

/** Folder with a part of an audit log that kube-apiserver 1.36.3 wrote in the play of test/engine/tracedJobs.ts. */
export const FIXTURES = join(__dirname, "fixtures");

/** That log. */
export const auditLog = readFileSync(join(FIXTURES, "audit.log"), "utf8");

/** Its lines. */
export const auditLines: readonly string[] = auditLog.split("\n").filter((line) => line !== "");

/** Its events. */
export const auditEvents: readonly AuditEvent[] = auditLines.flatMap(auditEventsOf);

export const NAMESPACE = "harvester";
export const JOB = "grid-job-4711";
export const POD = "grid-job-4711-gp8nj";
export const DIGEST = "sha256:5b0bcabd1ed22e9fb1310cf6c2dec7cdef19f0ad69efa1f392e94a4333501270";

/** A line of the archive: OpenTelemetry logs in JSON, with these texts as bodies. */
export function archived(...bodies: string[]): string {
  const logRecords = bodies.map((stringValue) => ({ timeUnixNano: "1", body: { stringValue } }));
  return JSON.stringify({ resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: {}, logRecords }] }] });
}

/** A series' last value. */
export function last(name: string, labels: Record<string, string>, value = 1): LastValue {
  return { labels: { __name__: name, namespace: NAMESPACE, ...labels }, value };
}

const at = (seconds: number) => Date.parse("2026-11-25T20:22:00Z") / 1000 + seconds;
const pod = { pod: POD, uid: "4d7ed973-a623-4a3c-8d02-ba6784d7df43" };
const container = { ...pod, container: "job-container" };
const image = "gitlab-registry.cern.ch/panda/harvester-k8s-images/adc-alma9";

/** What kube-state-metrics says of the Job and its pod when both have ended. */
export const endedSeries: readonly LastValue[] = [
  last("kube_job_created", { job_name: JOB }, at(22)),
  last("kube_job_status_start_time", { job_name: JOB }, at(22)),
  last("kube_job_failed", { job_name: JOB, condition: "true" }),
  last("kube_job_failed", { job_name: JOB, condition: "false" }, 0),
  last("kube_pod_info", { ...pod, node: "small-batch-0", created_by_kind: "Job", created_by_name: JOB }),
  last("kube_pod_container_info", { ...container, image_spec: `${image}:20241003`, image_id: `${image}@${DIGEST}` }),
  last("kube_pod_container_resource_requests", { ...container, resource: "cpu", unit: "core" }, 0.9),
  last("kube_pod_container_resource_requests", { ...container, resource: "memory", unit: "byte" }, 1.8e9),
  last("kube_pod_container_status_terminated_reason", { ...container, reason: "OOMKilled" }),
  last("kube_pod_created", pod, at(22)),
  last("kube_pod_status_scheduled_time", pod, at(23)),
  last("kube_pod_start_time", pod, at(23)),
  last("kube_pod_completion_time", pod, at(24)),
  last("kube_pod_status_phase", { ...pod, phase: "Running" }, 0),
  last("kube_pod_status_phase", { ...pod, phase: "Failed" }),
  last("kube_pod_labels", {
    ...pod,
    label_pq: "TEST-K8S",
    label_resource_type: "SCORE",
    label_prod_source_label: "unified",
  }),
];

/** A trace of the Job from what is given. */
export function traced(given: Partial<Found>, job = JOB): Trace {
  return assembleTrace(job, NAMESPACE, { events: [], series: [], sources: {}, ...given });
}
