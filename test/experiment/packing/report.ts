/** The table of an experiment. */
import { jobCores, replay, type Shape, type Step } from "./replay";
import type { RunResult } from "./run";
import type { Profile } from "./siteNodes";
import { meanOver, usedCores } from "./summary";
import { isSteady, type Workload } from "./workload";

/** Everything that the table of a site is made from. */
export interface Experiment {
  readonly shape: Shape;
  readonly work: Workload;
  readonly endHours: number;
  readonly compression: number;
  readonly seed: number;
  readonly runs: Readonly<Record<Profile, RunResult>>;
}

/** Mean cores in use, over all of the time and over the steady state. */
export interface Use {
  readonly all: number;
  readonly steady?: number;
}

/** Mean use of what ran when. */
export function useOf(steps: readonly Pick<Step, "at" | "ones" | "larges">[], shape: Shape, endHours: number): Use {
  const used = (step: Pick<Step, "ones" | "larges">) => usedCores(step, shape);
  return { all: meanOver(steps, endHours, used) ?? 0, steady: meanOver(steps, endHours, used, isSteady) };
}

/** Use by an ideal scheduler, on the same jobs. */
export function idealUse({ work, shape, endHours }: Experiment): { bound: Use; fixed: Use } {
  const of = (moving: "movable" | "fixed") => useOf(replay(work, shape, moving, endHours), shape, endHours);
  return { bound: of("movable"), fixed: of("fixed") };
}

const one = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(1));
const percent = (value: number | undefined, of: number | undefined) =>
  value === undefined || of === undefined ? "–" : `${((100 * value) / of).toFixed(1)} %`;

/** The table, in Markdown. */
export function table(experiment: Experiment): string {
  const { shape, runs, endHours } = experiment;
  const { bound, fixed } = idealUse(experiment);
  const cores = jobCores(shape);
  const uses = {
    default: useOf(runs.default.moments, shape, endHours),
    packing: useOf(runs.packing.moments, shape, endHours),
  };
  const mean = (profile: Profile, value: (moment: RunResult["moments"][number]) => number) =>
    one(meanOver(runs[profile].moments, endHours, value));
  const stranded = (moment: RunResult["moments"][number]) =>
    moment.waitingLarges > 0 ? cores - usedCores(moment, shape) : 0;
  const most = (profile: Profile) =>
    String(Math.max(...runs[profile].moments.filter(({ at }) => at > 0.5).map(stranded)));
  const measured = (title: string, value: (profile: Profile) => string) =>
    `| ${title} | ${value("default")} | ${value("packing")} | | |`;
  const used = (title: string, of: (use: Use) => number | undefined) =>
    `| ${title} | ${[uses.default, uses.packing, fixed, bound].map((use) => one(of(use))).join(" | ")} |`;
  const shares = (title: string, of: (use: Use) => number | undefined, to: Use) =>
    `| ${title} | ${[uses.default, uses.packing, fixed].map((use) => percent(of(use), of(to))).join(" | ")} | |`;
  return [
    "| | default | packing | ideal, jobs stay | bound, jobs may move |",
    "|---|---|---|---|---|",
    used("cores in use, mean of all hours", ({ all }) => all),
    used("cores in use, steady state", ({ steady }) => steady),
    shares("share of the bound, all hours", ({ all }) => all, bound),
    shares("share of the bound, steady state", ({ steady }) => steady, bound),
    measured("stranded cores, mean", (profile) => mean(profile, stranded)),
    measured("stranded cores, most at any moment", most),
    measured("8-core jobs that wait, mean", (profile) => mean(profile, ({ waitingLarges }) => waitingLarges)),
    measured("nodes with 1-core jobs, mean", (profile) => mean(profile, ({ nodesWithOnes }) => nodesWithOnes)),
    measured("1-core jobs started per second, burst", (profile) => one(runs[profile].startRate)),
    measured("Jobs submitted", (profile) => String(runs[profile].submitted)),
    ...memoryRows(runs),
  ].join("\n");
}

function memoryRows(runs: Experiment["runs"]): string[] {
  return Object.keys(runs.packing.memoryMb).map((name) => {
    const [before, after] = [runs.default.memoryMb[name], runs.packing.memoryMb[name]];
    return `| memory of ${name} at the end, MiB | ${before} | ${after} | | |`;
  });
}
