/** What `bench:cold` measured, as text: for the terminal and for the docs. */
import { loadavg } from "node:os";
import type { BuildRecord } from "../toolchain/buildRecord";

/** Figures of one cold start. */
export interface ColdStart {
  /** When it ended, as an ISO date. */
  readonly ended: string;
  /** What was started: the binaries alone, or the lab up to a finished job. */
  readonly what: string;
  /** From the start to the end, in seconds. */
  readonly seconds: number;
  /** Processor seconds that all programs of this machine used meanwhile, others' included. */
  readonly machineCpuSeconds: number;
  /** Largest size of the cache folder that was seen, in MiB. */
  readonly peakMb: number;
  /** Size of the cache folder at the end, in MiB. */
  readonly leftMb: number;
  /** Cores of the machine, and its load (1 min) before the start: an idle machine shows less than 1. */
  readonly cores: number;
  readonly loadBefore: number;
  /** The builds, in the order they ended. */
  readonly builds: readonly BuildRecord[];
}

/** Load of this machine over the last minute. */
export function currentLoad(): number {
  return loadavg()[0];
}

/** Minutes with one digit. */
export function minutes(seconds: number): string {
  return (seconds / 60).toFixed(1);
}

/** Decimal gigabytes with one digit. */
export function gigabytes(mib: number): string {
  return ((mib * 1.048576) / 1000).toFixed(1);
}

/** A Markdown page part: one sentence on the run, then one row per module, the costliest first. */
export function coldTable(run: ColdStart): string {
  const builds = [...run.builds].sort((a, b) => b.cpuSeconds - a.cpuSeconds);
  const sum = (of: (build: BuildRecord) => number) => builds.reduce((total, build) => total + of(build), 0);
  const row = (name: string, cells: readonly string[]) => `| ${[name, ...cells].join(" | ")} |`;
  return [
    `Measured ${run.ended.slice(0, 10)} on ${run.cores} cores, load ${run.loadBefore.toFixed(1)} before the start: ${run.what} took`,
    `**${minutes(run.seconds)} minutes**; the builds used ${minutes(sum((build) => build.cpuSeconds))} minutes of processor time, all programs of the`,
    `machine ${minutes(run.machineCpuSeconds)}. The cache folder took at most **${gigabytes(run.peakMb)} GB**, and ${gigabytes(run.leftMb)} GB at the end.`,
    "",
    row("module", ["minutes", "CPU minutes", "packages", "build cache, GB"]),
    row(
      "---",
      Array.from({ length: 4 }, () => "---:"),
    ),
    ...builds.map((build) =>
      row(build.module, [
        minutes(build.seconds),
        minutes(build.cpuSeconds),
        String(build.packages),
        gigabytes(build.compiledMb),
      ]),
    ),
    row("together", ["", minutes(sum((build) => build.cpuSeconds)), String(sum((build) => build.packages)), ""]),
  ].join("\n");
}

const [BEGIN, END] = ["<!-- bench:cold -->", "<!-- /bench:cold -->"];

/**
 * The page with another text between its two marks.
 * @throws Error when the page has no marks
 */
export function withTable(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`no ${BEGIN} … ${END} in the page`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${page.slice(end)}`;
}
