/** Seeded random numbers: the same seed gives the same experiment on every machine. */

/** A source of numbers from 0 up to, but not including, 1 (the mulberry32 generator). */
export type Random = () => number;

/** A source that starts at a seed. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number between the mean less and the mean plus a share of it, all equally likely. */
export function around(random: Random, mean: number, share: number): number {
  return mean * (1 - share + 2 * share * random());
}

/** Time to the next of events that come independently of each other, so many per unit of time on average. */
export function untilNext(random: Random, rate: number): number {
  return -Math.log(1 - random()) / rate;
}
