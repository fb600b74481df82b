/** Runs the whole program in a test, without cloud, cluster or engine, and records what it asks for. */
import { vi } from "vitest";
import type { ApiProbe } from "../../components/cluster/apiReady";
import { CREATED } from "../../stacks/site/offline/cloudAnswers";
import { runProgramOnce, type ProgramRun as OfflineRun } from "../../stacks/site/offline/programRun";
import { shippedStacks, variants, type Variant } from "./sites";

export { FOREIGN_KUBECONFIG, GIVEN_SECRETS } from "../../stacks/site/offline/placeholderSecrets";
export { settle, type StackOutput } from "../../stacks/site/offline/programRun";
import type { RecordOptions } from "../../stacks/site/offline/recorder";

/** One run of the program. */
export interface ProgramRun extends OfflineRun {
  /** APIs the program waited for. */
  readonly waits: readonly ApiProbe[];
}

const runs = new Map<string, Promise<ProgramRun>>();

/** Runs the program on a shipped stack (by its file) or on a variant (by configuration); once a test file each. */
export function runProgram(which: string, options: Omit<RecordOptions, "stack"> = {}): Promise<ProgramRun> {
  const key = `${which} ${options.preview ?? false}`;
  const run = runs.get(key) ?? runAnew(which, options);
  runs.set(key, run);
  return run;
}

async function runAnew(which: string, options: Omit<RecordOptions, "stack">): Promise<ProgramRun> {
  const shipped = shippedStacks().includes(which);
  const waits: ApiProbe[] = [];
  // There is no API to wait for; the waiting itself has tests of its own.
  vi.doMock("../../components/cluster/apiReady", () => ({
    waitForApi: (probe: ApiProbe) => Promise.resolve(void waits.push(probe)),
  }));
  vi.doMock("../../components/cluster/magnum/magnumApi", () => ({ magnumApi: () => CREATED }));
  // The program is run anew, as Pulumi does: nothing may be left over in a module from the run before.
  vi.resetModules();
  const run = await runProgramOnce({
    ...options,
    stack: shipped ? which : `variant-${which}`,
    sections: shipped ? {} : variants[which as Variant],
    load: async () =>
      ((await import("../../index.js")) as unknown as { default: () => Record<string, unknown> }).default,
  });
  return { ...run, waits };
}
