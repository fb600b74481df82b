/**
 * The site's figures worked out from the API's own objects, as one would with pencil and paper. Nothing of the program's
 * rules is used: Prometheus' figures are judged by these.
 */

/** As much of a pod as the figures need. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly resources?: { readonly requests?: { readonly cpu?: string } } }[];
  };
  readonly status: {
    readonly phase: string;
    readonly startTime?: string;
    readonly containerStatuses?: readonly {
      readonly state: {
        readonly terminated?: { readonly startedAt: string; readonly finishedAt: string; readonly reason?: string };
      };
    }[];
  };
}

/** As much of a node as the figures need. */
export interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: {
    readonly allocatable: { readonly cpu: string };
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

/** A job's time on the site. */
export interface Span {
  /** From the pod's start, which is when its node took it on, to the end of its container; in seconds. */
  readonly podSeconds: number;
  /** From its container's start to its end, in seconds. */
  readonly containerSeconds: number;
}

/** A quantity of cores as the API writes it: `7200m`, `7.2`. */
export function coresOf(quantity: string): number {
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}

/** Cores a pod requests. */
export function requestOf({ spec }: PodObject): number {
  return sum(spec.containers.map(({ resources }) => coresOf(resources?.requests?.cpu ?? "0")));
}

/** How long a pod that has ended was there; undefined: it has not ended, or never started. */
export function spanOf({ status }: PodObject): Span | undefined {
  const ends = (status.containerStatuses ?? []).flatMap(({ state }) => state.terminated ?? []);
  if (!ended(status.phase) || status.startTime === undefined || ends.length === 0) {
    return undefined;
  }
  const finished = Math.max(...ends.map(({ finishedAt }) => Date.parse(finishedAt)));
  const started = Math.min(...ends.map(({ startedAt }) => Date.parse(startedAt)));
  return {
    podSeconds: (finished - Date.parse(status.startTime)) / 1000,
    containerSeconds: (finished - started) / 1000,
  };
}

/** Share of core seconds spent in pods that succeeded, of those in all that ended. */
export function wallclockSuccess(pods: readonly PodObject[]): number {
  const spent = (some: readonly PodObject[]) => sum(some.map((pod) => (spanOf(pod)?.podSeconds ?? 0) * requestOf(pod)));
  return spent(pods.filter(({ status }) => status.phase === "Succeeded")) / spent(pods);
}

/** Nodes of a pool that take jobs. */
export function openNodes(nodes: readonly NodeObject[], pool: string): NodeObject[] {
  return nodes.filter(
    ({ metadata, spec, status }) =>
      metadata.labels["atlas-site/pool"] === pool &&
      spec.unschedulable !== true &&
      status.conditions.some(({ type, status: value }) => type === "Ready" && value === "True"),
  );
}

/** Cores requested by running pods, of all cores that nodes of the pool have to give. */
export function packingEfficiency(pods: readonly PodObject[], nodes: readonly NodeObject[], pool: string): number {
  const running = pods.filter(({ status }) => status.phase === "Running");
  return sum(running.map(requestOf)) / sum(openNodes(nodes, pool).map(allocatable));
}

/** Which jobs cores are stranded for. */
export interface JobSizes {
  /** Namespace of the queue. */
  readonly namespace: string;
  /** Cores that a job of one core requests, and a large one. */
  readonly small: number;
  readonly large: number;
}

/**
 * Cores free on nodes that have room for a small job but not for a large one, while a large one waits.
 * @param pods of all namespaces: what a daemon requests is no room for jobs
 */
export function strandedCores(
  pods: readonly PodObject[],
  nodes: readonly NodeObject[],
  { namespace, small, large }: JobSizes,
): number {
  // Sums of tenths are not exact.
  const least = (cores: number) => cores - 1e-6;
  const waiting = pods.some(
    (pod) =>
      pod.metadata.namespace === namespace &&
      pod.status.phase === "Pending" &&
      !placed(pod) &&
      requestOf(pod) >= least(large),
  );
  const free = nodes.map(
    (node) =>
      allocatable(node) -
      sum(
        pods
          .filter(({ spec, status }) => spec.nodeName === node.metadata.name && !ended(status.phase))
          .map((pod) => requestOf(pod)),
      ),
  );
  return waiting ? sum(free.filter((cores) => cores >= least(small) && cores < least(large))) : 0;
}

/**
 * Core hours of pods that have ended, in whole cores.
 * @param share requested part of each core, e.g. 0.9
 * @param seconds which of a pod's times counts
 */
export function coreHours(pods: readonly PodObject[], share: number, seconds: keyof Span): number {
  return sum(pods.map((pod) => ((spanOf(pod)?.[seconds] ?? 0) * requestOf(pod)) / share)) / 3600;
}

/** How far a figure is from the true one, as a part of that. */
export function deviation(figure: number, truth: number): number {
  return figure === truth ? 0 : Math.abs(figure - truth) / Math.abs(truth);
}

function placed({ spec }: PodObject): boolean {
  return spec.nodeName !== undefined;
}

function ended(phase: string): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

function allocatable({ status }: NodeObject): number {
  return coresOf(status.allocatable.cpu);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
