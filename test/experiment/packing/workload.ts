/**
 * The jobs of the experiment: a backlog of 8-core jobs that never empties, and 1-core jobs in two phases, as in the
 * production that section 4.1 of the paper shows. All times are hours of the site's own time.
 */
import { around, seeded, untilNext } from "./random";

/** Duration of the jobs, and how far it spreads to either side. */
export const DURATIONS = {
  one: { meanHours: 3, spread: 0.5 },
  large: { meanHours: 6, spread: 0.25 },
} as const;

/** A phase of the 1-core jobs. */
export interface Phase {
  readonly fromHours: number;
  readonly toHours: number;
  /** Share of the site's job cores that 1-core jobs take on average. */
  readonly share: number;
}

/**
 * The phases of the 1-core jobs. Each starts with as many jobs as run on average during the phase, because a task's jobs become
 * ready together; later ones arrive independently of each other. After the last phase the nodes drain.
 */
export const PHASES: readonly Phase[] = [
  { fromHours: 0, toHours: 12, share: 0.06 },
  { fromHours: 12, toHours: 24, share: 0.125 },
];

/** End of the experiment. */
export const END_HOURS = 32;

/** Hours from the start of a phase until its first jobs have been replaced; the steady state is what follows. */
export const SETTLING_HOURS = 6;

/** A 1-core job. */
export interface OneCoreJob {
  readonly arrivesAt: number;
  readonly hours: number;
}

/** The jobs of one run. */
export interface Workload {
  /** 1-core jobs in the order of their arrival. */
  readonly ones: readonly OneCoreJob[];
  /** Hours of the 8-core job with this number, from 0 on; the backlog has no end. */
  largeHours(index: number): number;
}

/**
 * The jobs of a site.
 * @param cores 1-core jobs that the site runs at most
 * @param seed same seed, same jobs
 */
export function workload(cores: number, seed: number): Workload {
  const random = seeded(seed);
  const { one, large } = DURATIONS;
  const ones = PHASES.flatMap(({ fromHours, toHours, share }) => {
    const running = Math.round(cores * share);
    const job = (arrivesAt: number) => ({ arrivesAt, hours: around(random, one.meanHours, one.spread) });
    const jobs = Array.from({ length: running }, () => job(fromHours));
    const rate = running / one.meanHours;
    // The burst of the start is replaced by later arrivals from the time on at which its first jobs end.
    const first = fromHours + one.meanHours * (1 - one.spread);
    for (let at = first + untilNext(random, rate); at < toHours; at += untilNext(random, rate)) {
      jobs.push(job(at));
    }
    return jobs;
  });
  const lengths: number[] = [];
  const largeRandom = seeded(seed + 1);
  return {
    ones,
    largeHours(index) {
      while (lengths.length <= index) {
        lengths.push(around(largeRandom, large.meanHours, large.spread));
      }
      return lengths[index];
    },
  };
}

/** Whether a time belongs to the steady state of a phase. */
export function isSteady(hours: number): boolean {
  return PHASES.some(({ fromHours, toHours }) => hours >= fromHours + SETTLING_HOURS && hours < toHours);
}
