/**
 * How long the lab's tests wait. A deadline costs nothing while all is well, so these are made for a machine several times
 * slower than the two processors the lab is made on. Where the time itself is what a test proves, that time stands with
 * the test, and these only end the wait.
 */

/** For one thing that takes seconds, a minute at most, on a machine without other work; in milliseconds. */
export const PATIENCE_MS = 300_000;

/**
 * For a whole test or hook, in milliseconds. It only ends what no deadline of its own would end, whose message is better:
 * it must be longer than several of those together.
 */
export const TEST_MS = 1_800_000;

/** For pods that only hold cores, in seconds: they must be there until the test takes them away. */
export const HOLD_SECONDS = 3600;
