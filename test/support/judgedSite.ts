/** Puts the whole policy pack over what the program asked for, in one process: no engine, no pack server. */
import { allPolicies } from "../../policies/all";
import { settingsOf } from "../../policies/config/load";
import type { Judgement, Run } from "../../policies/model/judge";
import { judgedProgram } from "../../stacks/site/offline/judgedProgram";
import { runProgram } from "./program";
import { ROOT } from "./sites";

export { asResources } from "../../stacks/site/offline/judgedProgram";

/** Day the pack is run on: fixed, for no unit test may fail by the calendar. A run of the pack itself takes the real one. */
export const TODAY = "2026-11-25";

/** Day and settings of a shipped stack. */
export function runOf(stack: string): Run {
  return { settings: settingsOf(stack, ROOT, TODAY), today: TODAY };
}

/** Everything the pack says about a shipped stack. */
export async function judgedSite(stack: string, preview: boolean, policies = allPolicies): Promise<Judgement[]> {
  return judgedProgram(await runProgram(stack, { preview }), policies, runOf(stack));
}
