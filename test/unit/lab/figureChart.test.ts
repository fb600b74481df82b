/** What the figures draw: sums that are sums, gaps that are gaps, text that is text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  boundInSight,
  foldSmall,
  largestValue,
  stack,
  stretches,
  type Chart,
  type ChartSeries,
} from "../../lab/figures/chart";
import { svg } from "../../lab/figures/svg";

const LENGTH = 6;
const value = fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined });
const values = fc.array(value, { minLength: LENGTH, maxLength: LENGTH });
const series: fc.Arbitrary<ChartSeries[]> = fc
  .array(values, { minLength: 1, maxLength: 14 })
  .map((all) => all.map((one, index) => ({ name: `s${index}`, values: one })));

function sumAt(all: readonly ChartSeries[], index: number): number | undefined {
  const known = all.flatMap((one) => one.values[index] ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one);
}

describe("stacked series", () => {
  test("lie one upon the other and end at the sum, and leave a gap where nothing is known", () => {
    fc.assert(
      fc.property(series, (all) => {
        const stacked = stack(all);
        for (let index = 0; index < LENGTH; index++) {
          const bands = stacked.map((one) => one.bands[index]);
          const sum = sumAt(all, index);
          expect(bands.at(-1)?.high).toBe(sum);
          expect(bands.every((band) => (band === undefined) === (sum === undefined))).toBe(true);
          bands.forEach((band, above) =>
            expect(band?.low).toBe(above === 0 ? (band ? 0 : undefined) : bands[above - 1]?.high),
          );
        }
      }),
    );
  });
});

describe("small series", () => {
  test("become one, so that no more are drawn than can be told apart, and the sum stays", () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 8 }), (all, most) => {
        const folded = foldSmall(all, most);
        expect(folded.length).toBe(Math.min(all.length, most));
        for (let index = 0; index < LENGTH; index++) {
          expect(sumAt(folded, index)).toBe(sumAt(all, index));
        }
        expect(folded.some(({ name }) => name === "others")).toBe(all.length > most);
      }),
    );
  });

  test("are the smallest", () => {
    const sized = (name: string, size: number) => ({ name, values: [size, size] });
    const names = foldSmall([sized("a", 1), sized("b", 9), sized("c", 5), sized("d", 2)], 3).map(({ name }) => name);
    expect(names).toEqual(["b", "c", "others"]);
  });
});

test("a line is interrupted where there is no value", () => {
  expect(stretches([1, 2, undefined, undefined, 0, undefined, 5])).toEqual([
    [0, 1],
    [4, 4],
    [6, 6],
  ]);
});

const chart: Chart = {
  title: "Cores <in> use & more",
  unit: "cores",
  times: [1_795_636_800, 1_795_636_860, 1_795_636_920],
  series: [
    { name: "one", values: [1, 2, 3] },
    { name: "two", values: [3, 2, 1] },
  ],
  stacked: true,
  bound: { name: "most", values: [8, 8, 8] },
};

describe("a chart as SVG", () => {
  test("has room for all that is drawn", () => {
    expect(largestValue(chart)).toBe(8);
    expect(largestValue({ ...chart, bound: undefined })).toBe(4);
    expect(largestValue({ ...chart, bound: undefined, stacked: false })).toBe(3);
  });

  test("draws areas up to where the axis says they are, and the bound as a dashed line", () => {
    const text = svg(chart);
    const areas = [...text.matchAll(/<polygon class="area"[^>]* points="([^"]+)"/g)].map(([, points]) => points);
    // 0 is at 308 and the axis' end, 8, at 48: 32.5 for each core. From 64 to 876 in two steps.
    expect(areas).toEqual([
      "64,275.5 470,243 876,210.5 876,308 470,308 64,308",
      "64,178 470,178 876,178 876,210.5 470,243 64,275.5",
    ]);
    expect(text).toContain('<path class="bound" d="M64,48L470,48L876,48"/>');
  });

  test("draws lines where nothing is stacked, also one of a single point", () => {
    const gap = { name: "gap", values: [4, undefined, 4] };
    const text = svg({ ...chart, series: [gap], stacked: false, bound: undefined });
    expect(text).toMatch(/<path class="line" stroke="#\w+" d="M64,48h0M876,48h0"\/>/);
    expect(text).not.toContain("<polygon");
  });

  test("tells unit, times and every series, and escapes what is not markup", () => {
    const text = svg(chart);
    const words = [...text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, word]) => word);
    for (const word of [
      "Cores &lt;in&gt; use &amp; more",
      "cores",
      "one",
      "two",
      "most",
      "0",
      "8",
      "UTC, from 2026-11-25",
    ]) {
      expect(words).toContain(word);
    }
    expect(words.filter((word) => /^\d\d:\d\d/.test(word)).length).toBeGreaterThan(2);
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;)|NaN|undefined|Infinity/);
  });

  test("closes every element it opens, and has colours for light and dark", () => {
    const open: string[] = [];
    for (const [, end, name, own] of svg(chart).matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (end) expect(open.pop()).toBe(name);
      else if (!own) open.push(name);
    }
    expect(open).toEqual([]);
    expect(svg(chart)).toContain("@media (prefers-color-scheme: dark)");
  });

  test("is refused where there is nothing to see", () => {
    expect(() => svg({ ...chart, series: [] })).toThrow('"Cores <in> use & more" has 0 series');
    expect(() => svg({ ...chart, times: [1] })).toThrow("at 1 times");
  });
});

describe("a bound", () => {
  const chart = (most: number): Chart => ({
    title: "t",
    unit: "cores",
    times: [0, 1],
    stacked: false,
    series: [{ name: "a", values: [1, 2] }],
    bound: { name: "allocatable", values: [most, undefined] },
  });

  test("is drawn where the rest can be seen beside it, and else told", () => {
    expect(boundInSight(chart(10))).toEqual(chart(10));
    const { bound, unit } = boundInSight(chart(34.8));
    expect([bound, unit]).toEqual([undefined, "cores, of 34.8 allocatable"]);
    expect(boundInSight({ ...chart(9), bound: undefined })).toEqual({ ...chart(9), bound: undefined });
  });
});
