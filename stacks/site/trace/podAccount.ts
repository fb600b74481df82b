/** What the audit log tells of a pod: its creation, its node, and what the kubelet saw of it. */
import type { AuditEvent } from "./auditEvent";
import type { TracedContainer, TracedPod } from "./trace";

interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly resources?: { readonly requests?: { readonly cpu?: string | number } };
}

interface Moment {
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly exitCode?: number;
  readonly reason?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly imageID?: string;
  readonly state?: { readonly running?: Moment | null; readonly terminated?: Moment | null };
}

interface PodBody {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly creationTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind?: string; readonly name?: string }[];
  };
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly ContainerSpec[] };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly startTime?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** A pod that a request made: its name, and the Job it is of. */
export function createdPod(event: AuditEvent): { readonly name: string; readonly job?: string } | undefined {
  const { objectRef, verb } = event;
  if (objectRef?.resource !== "pods" || objectRef.subresource !== undefined || verb !== "create") {
    return undefined;
  }
  const answer = (event.responseObject ?? event.requestObject) as PodBody | undefined;
  const name = answer?.metadata?.name ?? objectRef.name;
  const job = answer?.metadata?.ownerReferences?.find(({ kind }) => kind === "Job")?.name;
  return name === undefined ? undefined : { name, ...(job === undefined ? {} : { job }) };
}

/** A pod after a request on it; requests come in the order of time, and refused ones change nothing. */
export function podAfter(pod: TracedPod, event: AuditEvent): TracedPod {
  const { verb, objectRef, responseStatus } = event;
  const subresource = objectRef?.subresource;
  if ((responseStatus?.code ?? 0) >= 400) {
    return pod;
  }
  if (verb === "create" && subresource === undefined) {
    return madeFrom(pod, (event.responseObject ?? event.requestObject) as PodBody | undefined, event.stageTimestamp);
  }
  if (verb === "create" && subresource === "binding") {
    const node = (event.requestObject as { target?: { name?: string } } | undefined)?.target?.name;
    return { ...pod, ...(node === undefined ? {} : { node }), scheduled: event.stageTimestamp };
  }
  if (subresource === "status" && (verb === "patch" || verb === "update")) {
    return seen(pod, (event.requestObject as PodBody | undefined)?.status);
  }
  return pod;
}

function madeFrom(pod: TracedPod, body: PodBody | undefined, time: string): TracedPod {
  const containers = body?.spec?.containers ?? [];
  const cores = containers.reduce((sum, { resources }) => sum + coresOf(resources?.requests?.cpu), 0);
  const { uid } = body?.metadata ?? {};
  const node = body?.spec?.nodeName;
  return {
    ...pod,
    created: body?.metadata?.creationTimestamp ?? time,
    ...(uid === undefined ? {} : { uid }),
    ...(node === undefined ? {} : { node }),
    ...(cores === 0 ? {} : { cores }),
    containers: containers.map(({ name, image }) => ({ name, ...(image === undefined ? {} : { image }) })),
  };
}

/** What the kubelet writes holds only what has changed. */
function seen(pod: TracedPod, status: PodBody["status"]): TracedPod {
  const statuses = status?.containerStatuses ?? [];
  const known = new Map(pod.containers.map((container) => [container.name, container]));
  statuses.forEach((one) => known.set(one.name, containerAfter(known.get(one.name) ?? { name: one.name }, one)));
  const containers = [...known.values()];
  const ends = containers.map(({ ended }) => ended);
  const over = status?.phase === "Succeeded" || status?.phase === "Failed";
  const last = ends
    .filter((end) => end !== undefined)
    .sort()
    .at(-1);
  return {
    ...pod,
    ...(status?.startTime ? { started: status.startTime } : {}),
    ...(status?.phase ? { phase: status.phase } : {}),
    ...(status?.reason ? { reason: status.reason } : {}),
    ...(over && last !== undefined ? { ended: last } : {}),
    containers,
  };
}

function containerAfter(before: TracedContainer, { image, imageID, state }: ContainerStatus): TracedContainer {
  const { running, terminated } = state ?? {};
  const digest = digestOf(imageID);
  const started = terminated?.startedAt ?? running?.startedAt;
  return {
    ...before,
    ...(before.image === undefined && image ? { image } : {}),
    ...(digest === undefined ? {} : { digest }),
    ...(started ? { started } : {}),
    ...(terminated?.finishedAt ? { ended: terminated.finishedAt } : {}),
    ...(terminated?.exitCode === undefined ? {} : { exitCode: terminated.exitCode }),
    ...(terminated?.reason ? { reason: terminated.reason } : {}),
  };
}

/** The digest in what a node calls the image it runs; a node that has it from an archive knows no repository. */
export function digestOf(imageId: string | undefined): string | undefined {
  return /sha256:[0-9a-f]{64}/.exec(imageId ?? "")?.[0];
}

/** Cores of a quantity: `900m`, `8`. */
function coresOf(cpu: string | number | undefined): number {
  const text = String(cpu ?? 0);
  return text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text);
}
