/**
 * What pods used, from what Prometheus saw of them. Pure: series in, sums out. Sums are of whole numbers, seconds and
 * thousandths of a core, so that they are the same in whatever order and parts pods are added up.
 */
import type { Sample } from "../commands/prometheusClient";
import type { Queue } from "../site";
import type { Month } from "./month";

/** What one look at Prometheus shows: for each pod a value, at most one of each kind. */
export interface Sighting {
  /** When pods started, in seconds since 1970; labels namespace, pod and uid. */
  readonly starts: readonly Sample[];
  /** When pods ended. */
  readonly ends: readonly Sample[];
  /** Cores that pods requested. */
  readonly requests: readonly Sample[];
  /** Pods that have ended, by the label phase: Succeeded or Failed. */
  readonly phases: readonly Sample[];
  /** Share of each core that pods of a namespace requested then; none where Prometheus was not told to keep it. */
  readonly percents: readonly Sample[];
}

/** A pod, as far as it was seen. */
export interface SeenPod {
  readonly namespace: string;
  /** Seconds since 1970. */
  readonly start?: number;
  readonly end?: number;
  /** Cores. */
  readonly request?: number;
  readonly phase?: string;
  /** Share of each core that its request is, in percent. */
  readonly percent?: number;
}

/** What the jobs of a queue used, of those that ended in a month. */
export interface Usage {
  /** Pods that ended well. */
  readonly finished: number;
  /** Pods that failed; they used the cores all the same. */
  readonly failed: number;
  /** Seconds from start to end, summed. */
  readonly wallSeconds: number;
  /** The same times the pod's cores, in thousandths. */
  readonly coreMilliSeconds: number;
  /** Pods that ended and are in no sum: Prometheus saw no start of theirs, no request, or an end before the start. */
  readonly unknown: number;
}

const NOTHING: Usage = { finished: 0, failed: 0, wallSeconds: 0, coreMilliSeconds: 0, unknown: 0 };

/** All pods of some sightings, each once however often it was seen, by a key of its own. */
export function mergedPods(sightings: readonly Sighting[]): Map<string, SeenPod> {
  const pods = new Map<string, SeenPod>();
  let percentOf = new Map<string, number>();
  const see = (samples: readonly Sample[], what: (seen: SeenPod, sample: Sample) => Partial<SeenPod>) => {
    for (const sample of samples) {
      const { namespace = "", pod, uid } = sample.labels;
      const key = [namespace, pod, uid].join("/");
      const seen = pods.get(key) ?? { namespace };
      pods.set(key, { ...seen, ...what(seen, sample), ...share(seen, percentOf.get(namespace)) });
    }
  };
  // A pod's values are for life; should two ever differ, the largest is taken, whoever saw it first.
  const largest = (one: number | undefined, other: number) => (one === undefined ? other : Math.max(one, other));
  for (const { starts, ends, requests, phases, percents } of sightings) {
    percentOf = new Map(percents.map(({ labels, value }) => [labels.namespace ?? "", value]));
    see(starts, ({ start }, { value }) => ({ start: largest(start, value) }));
    see(ends, ({ end }, { value }) => ({ end: largest(end, value) }));
    see(requests, ({ request }, { value }) => ({ request: largest(request, value) }));
    see(phases, ({ phase }, { labels }) => ({ phase: phase === "Failed" ? phase : labels.phase }));
  }
  return pods;
}

/** The share that a pod was seen with; of two, on days when it was changed, the smaller. */
function share({ percent }: SeenPod, now: number | undefined): { percent?: number } {
  const known = [percent, now].filter((one) => one !== undefined);
  return known.length === 0 ? {} : { percent: Math.min(...known) };
}

/**
 * What a queue's pods used. A pod belongs to the month it ended in, with all its time; one that still runs to none.
 * @param pods of any namespace; those of others count for nothing
 * @param queue its share is taken for pods that were seen without one
 */
export function usageOf(pods: Iterable<SeenPod>, queue: Pick<Queue, "namespace" | "cpuRequestPercent">, month: Month) {
  const first = month.start.getTime() / 1000;
  const next = month.end.getTime() / 1000;
  let usage = NOTHING;
  for (const { namespace, start, end, request, phase, percent } of pods) {
    if (namespace !== queue.namespace || end === undefined || end < first || end >= next) {
      continue;
    }
    usage = added(usage, podUsage(start, end, request, phase, percent ?? queue.cpuRequestPercent));
  }
  return usage;
}

/** What one pod that has ended used. Harvester requested a share of each core, and the pod had the whole core. */
function podUsage(
  start: number | undefined,
  end: number,
  request: number | undefined,
  phase: string | undefined,
  percent: number,
): Usage {
  if (start === undefined || request === undefined || end < start) {
    return { ...NOTHING, unknown: 1 };
  }
  const wallSeconds = Math.round(end - start);
  const milli = Math.round((request * 100_000) / percent);
  // A pod that was deleted as it ended may be gone before its last phase is scraped; it did not end well.
  const failed = phase === "Succeeded" ? 0 : 1;
  return { finished: 1 - failed, failed, wallSeconds, coreMilliSeconds: wallSeconds * milli, unknown: 0 };
}

/** Two sums as one. */
export function added(one: Usage, other: Usage): Usage {
  return {
    finished: one.finished + other.finished,
    failed: one.failed + other.failed,
    wallSeconds: one.wallSeconds + other.wallSeconds,
    coreMilliSeconds: one.coreMilliSeconds + other.coreMilliSeconds,
    unknown: one.unknown + other.unknown,
  };
}

/** The sum of many. */
export function total(usages: readonly Usage[]): Usage {
  return usages.reduce(added, NOTHING);
}

/** Core hours of a sum. */
export function coreHours({ coreMilliSeconds }: Usage): number {
  return coreMilliSeconds / 3_600_000;
}

/** Hours of a sum, whatever the cores. */
export function wallHours({ wallSeconds }: Usage): number {
  return wallSeconds / 3600;
}
