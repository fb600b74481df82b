/** What a chart shows, as plain values: series on one grid of times, stacked or not. */

/** A series of a chart. */
export interface ChartSeries {
  readonly name: string;
  /** A value for each time of the chart; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
}

/** A chart with a time axis. */
export interface Chart {
  readonly title: string;
  /** Unit of the values, as it stands beside the axis. */
  readonly unit: string;
  /** In seconds since 1970, rising, at equal distances. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** One upon the other, so that the upper edge is the sum. */
  readonly stacked: boolean;
  /** What is there at most: a dashed line, never stacked. */
  readonly bound?: ChartSeries;
  /** Name of the series that is a loss: hatched in red. Where there is one, series are stacked in the order given. */
  readonly loss?: string;
  /** Times count from the start of an experiment, and are shown in hours, instead of from 1970 in UTC. */
  readonly sinceStart?: boolean;
}

/** Where a series' area lies at one time. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

/** Sum of a series' values. */
function total({ values }: ChartSeries): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/**
 * At most so many series, the largest first: of more, the smallest become one that is called "others".
 * @param most series that can be told apart
 */
export function foldSmall(series: readonly ChartSeries[], most: number): ChartSeries[] {
  const sorted = [...series].sort((one, other) => total(other) - total(one));
  if (sorted.length <= most) {
    return sorted;
  }
  const small = sorted.slice(most - 1);
  const values = small[0].values.map((_, index) => {
    const known = small.flatMap((one) => one.values[index] ?? []);
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value);
  });
  return [...sorted.slice(0, most - 1), { name: "others", values }];
}

/**
 * Bands of stacked series, in the order given, from the bottom up. A series without a value adds nothing where another has
 * one; where none has, there is no band at all.
 */
export function stack(series: readonly ChartSeries[]): { name: string; bands: (Band | undefined)[] }[] {
  const times = series[0]?.values.length ?? 0;
  const edges = Array.from({ length: times }, () => 0);
  return series.map(({ name, values }) => ({
    name,
    bands: values.map((value, index) => {
      if (series.every((one) => one.values[index] === undefined)) {
        return undefined;
      }
      const low = edges[index];
      edges[index] = low + (value ?? 0);
      return { low, high: edges[index] };
    }),
  }));
}

/** The largest value that is drawn. */
export function largestValue({ series, stacked, bound }: Chart): number {
  const drawn = stacked
    ? stack(series).flatMap(({ bands }) => bands.flatMap((band) => band?.high ?? []))
    : series.flatMap(({ values }) => values.flatMap((value) => value ?? []));
  return [...drawn, ...(bound?.values ?? [])].reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

/** How often the largest value may go into the bound before the line of the bound presses all others to the ground. */
const OUT_OF_SIGHT = 10;

/**
 * The chart with its bound where that is in sight, and else with a word on it beside the unit. The lab's machines pass for
 * many times as large as they are.
 */
export function boundInSight(chart: Chart): Chart {
  const { bound, ...rest } = chart;
  const last = bound?.values.findLast((value) => value !== undefined);
  if (bound === undefined || last === undefined || last <= OUT_OF_SIGHT * largestValue(rest)) {
    return chart;
  }
  return { ...rest, unit: `${chart.unit}, of ${last.toFixed(1)} ${bound.name}` };
}

/** Stretches of neighbours that have a value, as first and last index: a gap is no line. */
export function stretches(values: readonly unknown[]): [number, number][] {
  const found: [number, number][] = [];
  values.forEach((value, index) => {
    if (value === undefined) {
      return;
    }
    const last = found.at(-1);
    if (last !== undefined && last[1] === index - 1) {
      last[1] = index;
    } else {
      found.push([index, index]);
    }
  });
  return found;
}
