/** Figures of a run from what ran when. */
import type { Shape, Step } from "./replay";

/** Cores that run jobs. */
export function usedCores({ ones, larges }: Pick<Step, "ones" | "larges">, { large }: Pick<Shape, "large">): number {
  return ones + larges * large;
}

/**
 * Mean of a value over the time in which a condition holds.
 * @param steps in the order of time; each holds until the next, the last one until the end
 * @returns undefined when it never holds
 */
export function meanOver<T extends { readonly at: number }>(
  steps: readonly T[],
  endHours: number,
  value: (step: T) => number,
  counts: (hours: number) => boolean = () => true,
): number | undefined {
  let [sum, total] = [0, 0];
  // Boundaries of the condition lie on whole minutes, so a step is cut into pieces no longer than one.
  const piece = 1 / 60;
  steps.forEach((step, index) => {
    const end = Math.min(steps[index + 1]?.at ?? endHours, endHours);
    for (let from = step.at; from < end;) {
      const to = Math.min(end, (Math.floor(from / piece + 1e-9) + 1) * piece);
      if (counts(from)) {
        sum += value(step) * (to - from);
        total += to - from;
      }
      from = to;
    }
  });
  return total === 0 ? undefined : sum / total;
}

/** The state at equal distances of time, for a picture. */
export function sampled<T extends { readonly at: number }>(steps: readonly T[], times: readonly number[]): T[] {
  let index = 0;
  return times.map((time) => {
    while (index + 1 < steps.length && steps[index + 1].at <= time) index += 1;
    return steps[index];
  });
}
