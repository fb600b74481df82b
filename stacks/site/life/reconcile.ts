/** The loop of every operation: look, decide, act, until there is nothing left to do. */
import { setTimeout as sleep } from "node:timers/promises";
import { act, type Hands } from "./act";
import { ProgramError } from "./client";
import type { Intent, Step } from "./decide";
import type { MachineFacts } from "./facts";
import { lookAtMachine } from "./look";

/** How an operation ended: done; time was up, so that the same command goes on later; or a person must decide. */
export type Outcome = "done" | "waiting" | "refused";

/** What a reconciliation is run with. */
export interface Reconciliation extends Hands {
  readonly intent: Intent;
  /** The next step from the facts. */
  readonly next: (facts: MachineFacts, now: number) => Step;
  /** Minutes until it leaves off at a clean point; undefined: never. */
  readonly forMinutes?: number;
}

const LOOK_AGAIN_MS = 5000;
/** How long the facts may be out of reach before the operation ends with an error: an API server that restarts is no reason. */
const BLIND_MS = 10 * 60_000;

/**
 * Runs an operation.
 * @throws Error when a step failed, or when the facts were out of reach for ten minutes
 */
export async function reconcile(of: Reconciliation): Promise<Outcome> {
  const { stack, kubectl, say, intent, next, forMinutes } = of;
  const until = forMinutes === undefined ? Infinity : Date.now() + forMinutes * 60_000;
  let said = "";
  const sayOnce = (line: string) => {
    if (line !== said) say(line);
    said = line;
  };
  let seen = Date.now();
  for (;;) {
    let facts: MachineFacts;
    try {
      facts = await lookAtMachine(stack, intent.machine, kubectl);
      seen = Date.now();
    } catch (error) {
      if (!(error instanceof ProgramError) || Date.now() - seen > BLIND_MS) throw error;
      sayOnce(`looking again soon: ${error.message}`);
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    const step = next(facts, Date.now());
    switch (step.kind) {
      case "done":
        say(step.what);
        return "done";
      case "refuse":
        say(step.why);
        return "refused";
      case "wait":
        sayOnce(`waiting for ${step.what}`);
        break;
      default:
        await act(step, facts, intent, of);
        said = "";
    }
    if (Date.now() > until) {
      say("time is up; the same command goes on from here");
      return "waiting";
    }
    // A server that was told to stop takes a while, and so does a pod that was evicted.
    await sleep(step.kind === "wait" || step.kind === "stop" || step.kind === "evict" ? LOOK_AGAIN_MS : 0);
  }
}
