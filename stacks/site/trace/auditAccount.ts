/** What audit logs tell of a Job. */
import { distinctEvents, type AuditEvent } from "./auditEvent";
import { mayBePodOf, podNameBase, workerOf } from "./jobName";
import { createdPod, podAfter } from "./podAccount";
import { isReported, isTrial, touchOf } from "./touches";
import type { Account, Belonging, TracedPod } from "./trace";

/** How long after the last word on a Job the end of a whole namespace may still have been its end. */
const AFTER_MS = 600_000;

/** Whether a line of a log may be on a Job: a question that is asked of every line, before it is read. */
export function mayConcern(line: string, job: string): boolean {
  const worker = workerOf(job);
  const words = [
    podNameBase(job).replace(/-$/, ""),
    "deletecollection",
    // An archive keeps the line as a text inside another.
    ...(worker === undefined ? [] : [`"name":"${worker}"`, `\\"name\\":\\"${worker}\\"`]),
  ];
  return words.some((word) => line.includes(word));
}

/** Namespaces in which there was a Job of the name. */
export function namespacesOf(events: readonly AuditEvent[], job: string): string[] {
  const found = events.filter((event) => isOnJob(event, job) || createdPod(event)?.job === job);
  return [...new Set(found.map(({ objectRef }) => objectRef?.namespace ?? ""))].filter((name) => name !== "").sort();
}

/** Everything that audit events tell of a Job, whatever order they come in, and however often one was sent. */
export function auditAccount(given: readonly AuditEvent[], job: string, namespace: string): Account {
  const events = distinctEvents(given).filter(({ objectRef }) => objectRef?.namespace === namespace);
  const onJob = events.filter((event) => isOnJob(event, job));
  const [creation, ...further] = onJob.filter(isCreation);
  const recreated = further.map(({ stageTimestamp }) => stageTimestamp);
  const podNames = podNamesOf(events, job);
  const onPods = events.filter((event) => podNames.includes(podOf(event) ?? ""));
  const pods = podNames.map((name) => {
    const own = onPods.filter((event) => podOf(event) === name);
    return own.reduce(podAfter, { name, containers: [] } as TracedPod);
  });
  const whole = events.filter((event) => isOnWholeNamespace(event) && happenedDuring(event, [...onJob, ...onPods]));
  const files = events.filter((event) => isOnWorkersFile(event, job));
  const told = distinctEvents([...onJob, ...onPods, ...files, ...whole]).filter(
    (event) => event !== creation && isReported(event),
  );
  return {
    belongs: belongingOf(creation, job),
    ...(creation === undefined ? {} : { made: touchOf(creation), created: creation.stageTimestamp }),
    ...(recreated.length === 0 ? {} : { recreated }),
    pods,
    touches: told.map(touchOf),
  };
}

function isOnJob({ objectRef }: AuditEvent, job: string): boolean {
  return objectRef?.resource === "jobs" && objectRef.apiGroup === "batch" && objectRef.name === job;
}

/** Whether a request made its object; one that only tried makes none. */
function isCreation({ verb, objectRef, requestURI, responseStatus }: AuditEvent): boolean {
  return verb === "create" && !objectRef?.subresource && (responseStatus?.code ?? 0) < 300 && !isTrial(requestURI);
}

/** The pod that a request is on; of one that makes it, the name that the API gave. */
function podOf(event: AuditEvent): string | undefined {
  return event.objectRef?.resource === "pods" ? (createdPod(event)?.name ?? event.objectRef.name) : undefined;
}

/** Pods that the Job is said to own; and by their names those whose creation is not in the log. */
function podNamesOf(events: readonly AuditEvent[], job: string): string[] {
  const owners = new Map(
    events.flatMap((event) => {
      const made = createdPod(event);
      return made === undefined ? [] : [[made.name, made.job] as const];
    }),
  );
  const named = events.map(podOf).filter((name) => name !== undefined);
  const own = named.filter((name) => (owners.has(name) ? owners.get(name) === job : mayBePodOf(job, name)));
  return [...new Set(own)].sort();
}

/** Push mode: what PanDA job a worker runs comes by a ConfigMap that has the worker's number as its name. */
function isOnWorkersFile({ objectRef }: AuditEvent, job: string): boolean {
  const worker = workerOf(job);
  return worker !== undefined && objectRef?.resource === "configmaps" && objectRef.name === String(worker);
}

function isOnWholeNamespace({ verb, objectRef }: AuditEvent): boolean {
  return verb === "deletecollection" && ["jobs", "pods"].includes(objectRef?.resource ?? "");
}

/** What ends all Jobs of a namespace names none of them, and is the last that is heard of a Job but for its pods' ends. */
function happenedDuring({ stageTimestamp }: AuditEvent, life: readonly AuditEvent[]): boolean {
  const times = life.map((event) => Date.parse(event.stageTimestamp));
  const time = Date.parse(stageTimestamp);
  return Math.min(...times) <= time && time <= Math.max(...times) + AFTER_MS;
}

interface JobBody {
  readonly spec?: {
    readonly template?: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec?: { readonly containers?: readonly { readonly env?: readonly Variable[] }[] };
    };
  };
}

interface Variable {
  readonly name: string;
  readonly value?: string;
}

/** Harvester writes into labels and environment of its Jobs whose they are. */
function belongingOf(creation: AuditEvent | undefined, job: string): Belonging {
  const template = (creation?.requestObject as JobBody | undefined)?.spec?.template;
  const labels = template?.metadata?.labels ?? {};
  const variables = (template?.spec?.containers ?? []).flatMap(({ env }) => env ?? []);
  const variable = (name: string) => variables.find((one) => one.name === name)?.value;
  return withoutGaps({
    workerId: workerOf(job),
    harvesterId: variable("HARVESTER_ID"),
    queue: labels.pq ?? variable("pandaQueueName"),
    resourceType: labels.resourceType ?? variable("resourceType"),
    prodSourceLabel: labels.prodSourceLabel ?? variable("prodSourceLabel"),
  });
}

/** An object without the keys that have no value. */
export function withoutGaps<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
