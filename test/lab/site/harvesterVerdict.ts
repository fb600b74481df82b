/** What Harvester 0.7.5 concludes of a worker from what it sees in the cluster. */

/** A pod or Job of a list, as far as Harvester looks at it. */
export interface Listed {
  readonly metadata: { readonly name: string; readonly creationTimestamp?: string };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    /** Why a kubelet refused or ended the pod. */
    readonly reason?: string;
    readonly message?: string;
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly state?: ContainerState }[];
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode: number };
}

/** State of a worker in Harvester. */
export type WorkerState = "submitted" | "running" | "finished" | "failed" | "cancelled";

/** A verdict and its ground. */
export interface Verdict {
  readonly state: WorkerState;
  readonly reason?: string;
}

/** Waiting reasons that Harvester takes for final; with any other a pod may wait for two days. */
const HOPELESS = ["CreateContainerError", "CrashLoopBackOff", "FailedMount"];

/**
 * The verdict on one worker.
 * @param pod its pod; undefined: none is there
 * @param job its Job, found by the label `job-name` on the Job itself; undefined: not found
 */
export function verdictOf(pod: Listed | undefined, job: Listed | undefined): Verdict {
  if (pod === undefined) {
    return fromJob(job);
  }
  switch (pod.status?.phase) {
    case "Succeeded":
      return { state: "finished" };
    case "Failed":
      return { state: "failed", reason: whyOf(pod).join("; ") };
    case "Running":
      return { state: "running" };
    default: {
      const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting?.reason ?? "";
      return HOPELESS.includes(waiting)
        ? { state: "failed", reason: whyOf(pod).join("; ") }
        : { state: "submitted", reason: whyOf(pod).join("; ") };
    }
  }
}

/** Without a pod only the Job can tell; a Job that was never able to make one is given up. */
function fromJob(job: Listed | undefined): Verdict {
  const conditions = (job?.status?.conditions ?? []).filter(({ status }) => status === "True");
  const failed = conditions.find(({ type }) => type === "Failed" || type === "FailureTarget");
  if (failed !== undefined) {
    return { state: "failed", reason: failed.message ?? failed.reason };
  }
  if (conditions.some(({ type }) => type === "Complete" || type === "SuccessCriteriaMet")) {
    return { state: "finished" };
  }
  if (conditions.some(({ type }) => type === "Suspended")) {
    return { state: "submitted", reason: "the Job is suspended" };
  }
  return { state: "cancelled", reason: job === undefined ? "the Job was not found" : "no pod was made for the Job" };
}

/** What a pod's status tells of its trouble. */
export function whyOf(pod: Listed): string[] {
  const { reason, message, conditions, containerStatuses } = pod.status ?? {};
  const state = containerStatuses?.[0]?.state;
  const exit = state?.terminated === undefined ? undefined : `exit code ${state.terminated.exitCode}`;
  const waiting = state?.waiting?.message ?? state?.waiting?.reason;
  const unmet = conditions?.find((condition) => condition.status === "False")?.message;
  return [reason, message, exit, state?.terminated?.reason, waiting, unmet].filter((text) => text !== undefined);
}
