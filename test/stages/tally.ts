/** Counting tests over all stages, and what the count means for the exit code. */

/** A test that did not run, and why. */
export interface Skipped {
  /** Full name, with its file. */
  readonly name: string;
  /** What the test said; "" when it said nothing. */
  readonly reason: string;
}

/** What came of a stage. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly Skipped[];
}

/** Nothing counted yet. */
export const nothing: Tally = { passed: 0, failed: 0, skipped: [] };

/** Both together. */
export function sum(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  };
}

/** One check that passed or failed. */
export function single(ok: boolean): Tally {
  return { ...nothing, passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

/** A stage that ran no test at all proves nothing, so it failed. */
export function atLeastOne(tally: Tally): Tally {
  return tally.passed + tally.failed + tally.skipped.length === 0 ? { ...tally, failed: 1 } : tally;
}

/** Beginning of the reason of a test that lacks material which lives beside the tree and not in it. */
export const MISSING_CORPUS = "missing ../shared/corpora";

/**
 * The count as CI judges it: there a skipped test is a failed one, since nobody reads why, unless it lacks material that
 * a clone of the tree alone does not have.
 */
export function judged(tally: Tally, ci: boolean): Tally {
  if (!ci) {
    return tally;
  }
  const excused = tally.skipped.filter(({ reason }) => reason.startsWith(MISSING_CORPUS));
  return { ...tally, failed: tally.failed + tally.skipped.length - excused.length, skipped: excused };
}

/** The last line of a run: `12 passed, 0 failed`, and `, 2 skipped` when there are some. */
export function lastLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}`;
}
