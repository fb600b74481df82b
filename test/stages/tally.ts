/** Counting tests over all stages, and what the count means for the exit code. */

/** A test that failed or did not run, and why. */
export interface Named {
  /** Full name, with its file. */
  readonly name: string;
  /** The first line of what it said; "" when it said nothing. */
  readonly reason: string;
}

/** What came of a stage. */
export interface Tally {
  readonly passed: number;
  readonly failed: readonly Named[];
  readonly skipped: readonly Named[];
}

/** Nothing counted yet. */
export const nothing: Tally = { passed: 0, failed: [], skipped: [] };

/** Both together. */
export function sum(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: [...one.failed, ...other.failed],
    skipped: [...one.skipped, ...other.skipped],
  };
}

/** One check that passed. */
export const onePassed: Tally = { ...nothing, passed: 1 };

/** One check that failed, or something that broke and counts as one. */
export function oneFailed(name: string, reason: string): Tally {
  return { ...nothing, failed: [{ name, reason: reason.split("\n")[0] }] };
}

/** A stage that ran no test at all proves nothing, so it failed. */
export function atLeastOne(tally: Tally, name: string): Tally {
  return total(tally) === 0 ? oneFailed(name, "no test was run") : tally;
}

/** How many there were. */
export function total({ passed, failed, skipped }: Tally): number {
  return passed + failed.length + skipped.length;
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
  const isExcused = ({ reason }: Named) => reason.startsWith(MISSING_CORPUS);
  const counted = tally.skipped
    .filter((test) => !isExcused(test))
    .map(({ name, reason }) => ({ name, reason: `skipped${reason === "" ? "" : `: ${reason}`}` }));
  return { ...tally, failed: [...tally.failed, ...counted], skipped: tally.skipped.filter(isExcused) };
}

/** The last line of a run: `12 passed, 0 failed`, and `, 2 skipped` when there are some. */
export function lastLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed.length} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}`;
}
