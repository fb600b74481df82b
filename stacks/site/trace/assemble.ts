/** One trace from what the sources tell, each of which may know nothing any more. */
import { auditAccount, namespacesOf, withoutGaps } from "./auditAccount";
import type { AuditEvent } from "./auditEvent";
import { seriesAccount, type LastValue } from "./seriesAccount";
import type { Account, Sources, Trace, TracedContainer, TracedPod } from "./trace";

/** What was found. */
export interface Found {
  /** Audit events that may concern the Job. */
  readonly events: readonly AuditEvent[];
  /** Last values of the series of the Job and its pods. */
  readonly series: readonly LastValue[];
  readonly sources: Sources;
}

/** Namespaces in which a source knows a Job of this name. */
export function knownNamespaces({ events, series }: Pick<Found, "events" | "series">, job: string): string[] {
  const bySeries = series
    .filter(({ labels }) => labels.job_name === job || labels.created_by_name === job)
    .map(({ labels }) => labels.namespace)
    .filter((namespace) => namespace !== undefined);
  return [...new Set([...namespacesOf(events, job), ...bySeries])].sort();
}

/**
 * The trace of a Job in a namespace. The audit log is believed first: it tells what happened, and Prometheus what was there
 * when it looked.
 */
export function assembleTrace(job: string, namespace: string, { events, series, sources }: Found): Trace {
  const audit = auditAccount(events, job, namespace);
  const seen = seriesAccount(series, job, namespace);
  const pods = mergedPods(audit.pods, seen.pods);
  const ends = pods.map(({ ended }) => ended).filter((end) => end !== undefined);
  const starts = pods.map(({ started }) => started).filter((start) => start !== undefined);
  const whole = withoutGaps({
    job,
    namespace,
    belongs: { ...seen.belongs, ...audit.belongs },
    made: audit.made,
    recreated: audit.recreated,
    created: audit.created ?? seen.created,
    started: starts.sort().at(0) ?? seen.started,
    ended: seen.ended ?? ends.sort().at(-1),
    outcome:
      seen.outcome === undefined || seen.outcome === "running" ? (outcomeOf(pods) ?? seen.outcome) : seen.outcome,
    pods,
    touches: audit.touches,
    sources,
  });
  return { ...whole, missing: missingOf(whole, audit) };
}

function mergedPods(first: readonly TracedPod[], second: readonly TracedPod[]): TracedPod[] {
  const names = [...new Set([...first, ...second].map(({ name }) => name))].sort();
  return names.map((name) => {
    const one = first.find((pod) => pod.name === name);
    const other = second.find((pod) => pod.name === name);
    const phase = finalPhase(one?.phase, other?.phase);
    const containers = mergedContainers(one?.containers ?? [], other?.containers ?? []);
    return { ...other, ...one, name, ...(phase === undefined ? {} : { phase }), containers };
  });
}

/** A log that lacks its last lines leaves a pod running for ever: whoever saw the end is right. */
function finalPhase(one: string | undefined, other: string | undefined): string | undefined {
  const isFinal = (phase: string | undefined) => phase === "Succeeded" || phase === "Failed";
  return isFinal(one) || !isFinal(other) ? (one ?? other) : other;
}

function mergedContainers(first: readonly TracedContainer[], second: readonly TracedContainer[]): TracedContainer[] {
  const names = [...new Set([...first, ...second].map(({ name }) => name))];
  return names.map((name) => ({
    ...second.find((container) => container.name === name),
    ...first.find((container) => container.name === name),
    name,
  }));
}

function outcomeOf(pods: readonly TracedPod[]): Trace["outcome"] {
  const phases = pods.map(({ phase }) => phase);
  if (phases.includes("Succeeded")) {
    return "succeeded";
  }
  return phases.includes("Running") ? "running" : phases.includes("Failed") ? "failed" : undefined;
}

type Whole = Omit<Trace, "missing">;

/** What is not known, and whom to ask. */
function missingOf(trace: Whole, audit: Account): string[] {
  const { pods, sources } = trace;
  const logs = `audit logs of ${period(trace)}`;
  const unknown = (what: string, where: string) => `${what}: ${where}`;
  const fromLogs =
    sources.audit === undefined
      ? `give ${logs} by --logs: the archive's lines that contain "${trace.job}", or /var/log/kubernetes/audit*.log of every control-plane machine`
      : `the logs given tell of ${sources.audit.from ?? "no time"} to ${sources.audit.to ?? "no time"}; add ${logs} of every control-plane machine`;
  const fromBoth =
    sources.prometheus === undefined
      ? `ask Prometheus too, or ${fromLogs}`
      : `Prometheus knows nothing of it in the last ${sources.prometheus.days} days; raise --days, or ${fromLogs}`;
  return [
    ...again(trace),
    ...(audit.made === undefined ? [unknown("who made the Job, and who else touched it", fromLogs)] : []),
    ...(pods.length === 0 ? [unknown("pods and node", fromBoth)] : []),
    ...pods.flatMap((pod) => [
      ...(pod.node === undefined ? [unknown(`node of ${pod.name}`, fromBoth)] : []),
      ...(pod.containers.some(({ digest }) => digest !== undefined)
        ? []
        : [unknown(`image digest of ${pod.name}`, fromBoth)]),
    ]),
    ...(pods.length > 0 && trace.outcome === undefined ? [unknown("how it ended", fromBoth)] : []),
  ];
}

/** Harvester gives no name twice; whoever does gets what is known of all Jobs that had it, and must tell them apart. */
function again({ job, made, recreated = [] }: Whole): string[] {
  const times = [made?.time, ...recreated].join(", ");
  return recreated.length === 0
    ? []
    : [
        `which Job ${job}: the name was given ${recreated.length + 1} times (${times}), and pods of all are told; compare times and uids`,
      ];
}

function period({ created, ended }: Whole): string {
  const day = (time: string | undefined) => time?.slice(0, 10);
  const [first, last] = [day(created), day(ended)];
  return first === undefined ? "the days it ran" : last === undefined || last === first ? first : `${first} to ${last}`;
}
