/** Axes of the figures: round values, equal distances, all that is drawn inside. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { timeText, timeTicks, valueTicks } from "../../lab/figures/scale";

describe("lines of a value axis", () => {
  test("begin at 0, are equally far apart, reach the largest value and not a whole step beyond, and are seven at most", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (largest) => {
        const ticks = valueTicks(largest);
        const step = ticks[1];
        expect(ticks[0]).toBe(0);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        ticks.forEach((tick, index) => expect(tick / step).toBeCloseTo(index, 9));
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(largest * (1 - 1e-9));
        expect(ticks[ticks.length - 1] - step).toBeLessThan(largest);
        expect(String(step)).toMatch(/^(0\.0*|)[125](0*|e[+-]\d+)$/);
      }),
    );
  });

  test.each([
    [16, [0, 5, 10, 15, 20]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [100, [0, 20, 40, 60, 80, 100]],
    [0.3, [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]],
    [0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [NaN, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])("up to %d are %j", (largest, ticks) => expect(valueTicks(largest)).toEqual(ticks));
});

describe("lines of a time axis", () => {
  test("are at round moments inside the stretch, equally far apart, and no more than have room", () => {
    const stretch = fc.tuple(
      fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
      fc.integer({ min: 30, max: 86_400 * 90 }),
    );
    fc.assert(
      fc.property(stretch, fc.integer({ min: 5, max: 12 }), ([from, seconds], most) => {
        const ticks = timeTicks(from, from + seconds, most);
        expect(ticks.length).toBeLessThanOrEqual(most);
        expect(ticks.every((tick) => tick >= from && tick <= from + seconds)).toBe(true);
        const steps = new Set(ticks.slice(1).map((tick, index) => tick - ticks[index]));
        expect(steps.size).toBeLessThanOrEqual(1);
        steps.forEach((step) => expect(ticks[0] % step).toBe(0));
      }),
    );
  });

  test("are told in UTC, as finely as they need", () => {
    const time = Date.UTC(2026, 10, 25, 20, 5, 30) / 1000;
    expect([timeText(time, 30), timeText(time, 600), timeText(time, 86_400)]).toEqual(["20:05:30", "20:05", "11-25"]);
  });
});
