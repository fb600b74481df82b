/** The experiment's own arithmetic: jobs, bound, ideal schedules, means, the page of results. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mostLarges, replay, jobCores, type Shape } from "../../experiment/packing/replay";
import { around, seeded } from "../../experiment/packing/random";
import { meanOver, sampled, usedCores } from "../../experiment/packing/summary";
import { isSteady, workload } from "../../experiment/packing/workload";
import { withBlock } from "../../experiment/results";

/** Large jobs that fit beside 1-core jobs, by trying every way to spread them over the nodes. */
function byTrying({ nodes, slots, large }: Shape, ones: number): number {
  if (nodes === 0) return ones === 0 ? 0 : -Infinity;
  let best = -Infinity;
  for (let here = 0; here <= Math.min(slots, ones); here += 1) {
    const rest = byTrying({ nodes: nodes - 1, slots, large }, ones - here);
    best = Math.max(best, rest + Math.floor((slots - here) / large));
  }
  return best;
}

const shapes = fc.record({
  nodes: fc.integer({ min: 1, max: 4 }),
  slots: fc.integer({ min: 1, max: 9 }),
  large: fc.integer({ min: 2, max: 4 }),
});

describe("the bound", () => {
  test("is what trying every distribution of the 1-core jobs finds", () => {
    fc.assert(
      fc.property(shapes, fc.nat(36), (shape, ones) => {
        fc.pre(ones <= jobCores(shape));
        expect(mostLarges(shape, ones)).toBe(byTrying(shape, ones));
      }),
    );
  });

  test("of 250 nodes of eight cores with 250 1-core jobs is 1,994 cores", () => {
    const shape = { nodes: 250, slots: 8, large: 8 };
    expect(usedCores({ ones: 250, larges: mostLarges(shape, 250) }, shape)).toBe(1994);
  });
});

describe("an ideal schedule", () => {
  const shape: Shape = { nodes: 15, slots: 8, large: 8 };

  test("never holds more jobs than fit, whether jobs may move or not", () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom("movable" as const, "fixed" as const), (seed, moving) => {
        for (const { ones, larges } of replay(workload(jobCores(shape), seed), shape, moving, 20)) {
          expect(larges).toBeLessThanOrEqual(mostLarges(shape, ones));
          expect(Math.min(ones, larges)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("with jobs that may move leaves no room of a large job free", () => {
    for (const { ones, larges } of replay(workload(jobCores(shape), 1), shape, "movable", 30)) {
      expect(larges).toBe(mostLarges(shape, ones));
    }
  });

  test("uses at least as much when jobs may move as when they may not", () => {
    const mean = (seed: number, moving: "movable" | "fixed") =>
      meanOver(replay(workload(120, seed), shape, moving, 32), 32, (step) => usedCores(step, shape))!;
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      expect(mean(seed, "movable")).toBeGreaterThanOrEqual(mean(seed, "fixed"));
    }
  });
});

describe("the workload", () => {
  test("is the same for the same seed and another for another", () => {
    expect(workload(2000, 7).ones).toEqual(workload(2000, 7).ones);
    expect(workload(2000, 7).ones).not.toEqual(workload(2000, 8).ones);
    expect(workload(2000, 7).largeHours(30)).toBe(workload(2000, 7).largeHours(30));
  });

  test("has 1-core jobs in the order of arrival, and durations within their spread", () => {
    const { ones, largeHours } = workload(500, 3);
    expect(ones.map(({ arrivesAt }) => arrivesAt)).toEqual(
      ones.map(({ arrivesAt }) => arrivesAt).sort((a, b) => a - b),
    );
    expect(ones.every(({ hours }) => hours >= 1.5 && hours <= 4.5)).toBe(true);
    expect(Array.from({ length: 100 }, (_, index) => largeHours(index)).every((h) => h >= 4.5 && h <= 7.5)).toBe(true);
  });

  test("counts neither the start of a phase nor the draining as steady", () => {
    expect([0, 5.9, 6, 11.9, 12, 17.9, 18, 23.9, 24, 31].map(isSteady)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test("is drawn from numbers that stay in their range", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 1, max: 50, noNaN: true }), (seed, mean) => {
        const value = around(seeded(seed), mean, 0.5);
        expect(value).toBeGreaterThanOrEqual(mean * 0.5);
        expect(value).toBeLessThanOrEqual(mean * 1.5);
      }),
    );
  });
});

describe("means and samples", () => {
  const steps = [
    { at: 0, value: 0 },
    { at: 1, value: 10 },
    { at: 3, value: 4 },
  ];

  test("weigh each state by the time it held", () => {
    expect(meanOver(steps, 4, ({ value }) => value)).toBeCloseTo((0 + 20 + 4) / 4);
    expect(
      meanOver(
        steps,
        4,
        ({ value }) => value,
        (hours) => hours >= 1 && hours < 2,
      ),
    ).toBeCloseTo(10);
    expect(
      meanOver(
        steps,
        4,
        ({ value }) => value,
        () => false,
      ),
    ).toBeUndefined();
  });

  test("show the state that held at each time", () => {
    expect(sampled(steps, [0, 0.9, 1, 2.9, 3, 9]).map(({ value }) => value)).toEqual([0, 0, 10, 10, 4, 4]);
  });
});

describe("the page of results", () => {
  const page = "# R\n\n<!-- a: written by its command -->\nold\n<!-- end of a -->\n\nkept\n";

  test("gets one block anew and keeps the rest", () => {
    const written = withBlock(page, "a", "new");
    expect(written).toContain("new");
    expect(written).not.toContain("old");
    expect(written).toContain("kept");
    expect(withBlock(written, "a", "new")).toBe(written);
  });

  test("without a place for the block is refused, with the lines to add", () => {
    expect(() => withBlock(page, "b", "new")).toThrow(/<!-- end of b -->/);
  });
});
