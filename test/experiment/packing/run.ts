/** One run: the workload on a real control plane, with one profile of the scheduler. */
import { setTimeout as sleep } from "node:timers/promises";
import { each, startCluster } from "./cluster";
import { PodView, type Moment } from "./podView";
import { jobMaker, type BatchSite, type Profile, type Rates } from "./siteNodes";
import { usedCores } from "./summary";
import { END_HOURS, type Workload } from "./workload";

/** How a run goes. */
export interface RunOptions {
  readonly profile: Profile;
  readonly rates: Rates;
  /** Seconds of the site's time in one second of the experiment. */
  readonly compression: number;
  /** When to stop, in hours of the site's time. */
  readonly endHours?: number;
  readonly log: (line: string) => void;
}

/** A moment in the site's time. */
export interface SiteMoment extends Omit<Moment, "time"> {
  /** Hours of the site's time. */
  readonly at: number;
}

/** What a run gave. */
export interface RunResult {
  readonly moments: readonly SiteMoment[];
  /** 1-core jobs started per second of the experiment, in the burst at the start. */
  readonly startRate: number;
  /** Memory of each program at the end, in MiB. */
  readonly memoryMb: Readonly<Record<string, number>>;
  /** Jobs that were submitted. */
  readonly submitted: number;
}

/** Milliseconds from one round of submissions to the next. */
const ROUND_MS = 200;
const PROGRESS_MS = 20_000;

/**
 * Large jobs that wait, as a share of those that run at most: what Harvester keeps in the queue, so that a free node never waits
 * for the next submission.
 */
const BACKLOG = 0.1;
const LEAST_BACKLOG = 4;

/** Runs the workload. */
export async function run(batch: BatchSite, work: Workload, options: RunOptions): Promise<RunResult> {
  const { compression, endHours = END_HOURS, log } = options;
  const { queue, shape } = batch;
  const cluster = await startCluster(batch, options.profile, options.rates);
  try {
    const { api, harvester } = cluster;
    const make = jobMaker(batch, compression);
    let submitted = 0;
    const submit = (jobs: readonly { cores: number; hours: number }[]) =>
      each(jobs, ({ cores, hours }) => {
        submitted += 1;
        const job = make(submitted, cores, hours);
        return harvester.must("POST", `/apis/batch/v1/namespaces/${queue.namespace}/jobs`, job);
      });
    const view = new PodView(api.admin, queue.namespace);
    const places = shape.nodes * Math.floor(shape.slots / shape.large);
    const backlog = Math.max(LEAST_BACKLOG, Math.ceil(places * BACKLOG));
    let nextOne = 0;
    const arrived = (hours: number) => {
      const first = nextOne;
      while (nextOne < work.ones.length && work.ones[nextOne].arrivesAt <= hours) nextOne += 1;
      return work.ones.slice(first, nextOne).map((one) => ({ cores: 1, hours: one.hours }));
    };
    // The burst of the start goes in before the clock runs, since submitting it takes time that a site has.
    const burstStart = Date.now();
    const burst = arrived(0);
    await submit(burst);
    await api.until(`${burst.length} 1-core jobs to run`, () => Promise.resolve(view.now.ones === burst.length), 300);
    const startRate = (burst.length * 1000) / (view.moments.at(-1)!.time - burstStart);
    const start = Date.now();
    const hoursOf = (time: number) => ((time - start) * compression) / 3_600_000;
    let shown = start;
    let submittedLarges = 0;
    for (let now = start; hoursOf(now) < endHours; now = Date.now()) {
      const { waitingLarges } = view.now;
      // A Job's pod comes a moment after it; until then the Job counts as one that waits.
      const coming = submittedLarges - view.seenLarges;
      const wanted = submittedLarges === 0 ? places + backlog : backlog - waitingLarges - coming;
      const larges = Array.from({ length: Math.max(0, wanted) }, (_, index) => {
        return { cores: shape.large, hours: work.largeHours(submittedLarges + index) };
      });
      submittedLarges += larges.length;
      await submit([...arrived(hoursOf(now)), ...larges]);
      if (now - shown >= PROGRESS_MS) {
        shown = now;
        const { ones, larges: running, waitingOnes } = view.now;
        const used = usedCores({ ones, larges: running }, shape);
        log(
          `${options.profile}: hour ${hoursOf(now).toFixed(1)}, ${used} cores used, ${ones} 1-core and ${running} large ` +
            `jobs run, ${waitingOnes} 1-core jobs wait`,
        );
      }
      await sleep(Math.max(0, ROUND_MS - (Date.now() - now)));
    }
    view.close();
    const moments = view.moments.map(({ time, ...counts }) => ({ at: Math.max(0, hoursOf(time)), ...counts }));
    return { moments, startRate, memoryMb: api.memoryMb(), submitted };
  } finally {
    await cluster.api.close();
  }
}
