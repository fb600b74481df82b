/** The program's run on every shipped stack, without cloud, cluster or engine. */
import { loadProgram } from "../../stacks/site/offline/loadProgram";
import { runProgramOnce } from "../../stacks/site/offline/programRun";
import type { Recording } from "../../stacks/site/offline/recorder";
import { shippedStacks } from "../support/sites";

let runs: Promise<Record<string, Recording>> | undefined;

/** What the program declares for each stack; the runs are made once per process, since each takes seconds. */
export function shippedRuns(): Promise<Record<string, Recording>> {
  runs ??= runAll();
  return runs;
}

async function runAll(): Promise<Record<string, Recording>> {
  const recordings: Record<string, Recording> = {};
  for (const stack of shippedStacks()) {
    recordings[stack] = (await runProgramOnce({ stack, load: loadProgram })).recording;
  }
  return recordings;
}
