/** The figures of a run: panels of the dashboards on paper, so that a figure and a dashboard never tell two stories. */
import { dashboardFiles } from "../../../components/monitoring/dashboardFiles";
import type { Labels, PrometheusClient, Series } from "../../../stacks/site/commands/prometheusClient";
import { panelQueries, withoutVariables } from "../../support/dashboardQueries";
import { boundInSight, type Chart, type ChartSeries } from "./chart";

/** A figure, and the panel it shows. */
export interface Figure {
  /** Name of its file without ending. */
  readonly file: string;
  readonly title: string;
  /** File of the dashboard. */
  readonly dashboard: string;
  readonly panel: string;
  /** Unit on the axis, and by what values are divided for it. */
  readonly unit: string;
  readonly divisor: number;
  readonly stacked: boolean;
  /** Legend of the query that is a bound. */
  readonly bound?: string;
}

const cluster = { dashboard: "site-overview.json", stacked: true, bound: "allocatable" };
const batch = { dashboard: "batch.json", unit: "cores", divisor: 1 };

/** Figure 1 of the paper, and what its Figures 3 and 4 are about. */
export const FIGURES: readonly Figure[] = [
  {
    ...cluster,
    file: "figure-1-processors",
    title: "Processors in use, by namespace",
    panel: "Processors by namespace",
    unit: "cores",
    divisor: 1,
  },
  {
    ...cluster,
    file: "figure-1-memory",
    title: "Memory in use, by namespace",
    panel: "Memory by namespace",
    unit: "GiB",
    divisor: 2 ** 30,
  },
  {
    ...batch,
    file: "figure-3-cores",
    title: "Cores asked for by running jobs, and cores there are for jobs",
    panel: "Cores in use",
    stacked: true,
    bound: "allocatable",
  },
  {
    ...batch,
    file: "figure-3-stranded",
    title: "Stranded cores: free where the waiting large job does not fit",
    panel: "Stranded cores",
    stacked: false,
  },
  {
    ...batch,
    file: "figure-4-packing",
    title: "Packing efficiency",
    panel: "Packing efficiency",
    unit: "%",
    divisor: 0.01,
    stacked: false,
  },
];

/** A stretch of time and how finely it is looked at. */
export interface Span {
  readonly start: Date;
  readonly end: Date;
  /** Seconds from one value to the next. */
  readonly step: number;
  /** Seconds that a rate looks back: four scrapes at least, and a minute. */
  readonly rateSeconds: number;
}

/** Values an answer of Prometheus may have: 11,000; so fine that nobody could see the difference is a tenth of that. */
const MOST_VALUES = 800;

/** cAdvisor looks at a container every 10 to 15 seconds only, however often it is asked. */
const LEAST_RATE_SECONDS = 60;

/** How a stretch of time is looked at, with values no closer than targets are scraped. */
export function spanOf(start: Date, end: Date, scrapeSeconds: number): Span {
  const seconds = (end.getTime() - start.getTime()) / 1000;
  const step = Math.max(scrapeSeconds, Math.ceil(seconds / MOST_VALUES));
  return { start, end, step, rateSeconds: Math.max(4 * step, LEAST_RATE_SECONDS) };
}

/**
 * What Prometheus knows of a figure, as a chart.
 * @throws Error when its panel is no more, or Prometheus refuses the query
 */
export async function chartOf(figure: Figure, prometheus: PrometheusClient, span: Span): Promise<Chart> {
  const { title, unit, stacked, bound } = figure;
  const queries = queriesOf(figure);
  const times = timesOf(span);
  const answers = await Promise.all(
    queries.map(async ({ expression, legend }) => {
      const plain = withoutVariables(expression, { rateInterval: `${span.rateSeconds}s` });
      const found = await prometheus.queryRange(plain, span.start, span.end, span.step);
      return { legend, series: found.map((one) => onGrid(one, legend, times, figure.divisor)) };
    }),
  );
  const of = (wanted: boolean) =>
    answers.flatMap(({ legend, series }) => ((legend === bound) === wanted ? series : []));
  const [limit] = of(true);
  return boundInSight({
    ...{ title, unit, stacked, times, series: of(false) },
    ...(limit === undefined ? {} : { bound: limit }),
  });
}

function queriesOf({ dashboard, panel }: Figure) {
  const found = panelQueries(dashboardFiles()[dashboard] ?? "{}").filter((query) => query.panel === panel);
  if (found.length === 0) {
    throw new Error(`there is no panel "${panel}" in ${dashboard}, which a figure shows; change FIGURES with it`);
  }
  return found;
}

/** Moments at which Prometheus evaluates a range, in seconds. */
function timesOf({ start, end, step }: Span): number[] {
  const first = start.getTime() / 1000;
  return Array.from(
    { length: Math.floor((end.getTime() / 1000 - first) / step) + 1 },
    (_, index) => first + index * step,
  );
}

/** A series' values at every time; what is not there, or no number, is undefined. */
export function onGrid(
  { labels, points }: Series,
  legend: string,
  times: readonly number[],
  divisor: number,
): ChartSeries {
  // To a hundredth of a second: Prometheus counts milliseconds, and sums of steps are not exact.
  const key = (seconds: number) => Math.round(seconds * 100);
  const known = new Map(points.map(({ seconds, value }) => [key(seconds), value]));
  const values = times.map((seconds) => {
    const value = known.get(key(seconds));
    return value === undefined || !Number.isFinite(value) ? undefined : value / divisor;
  });
  return { name: named(legend, labels), values };
}

/** A legend with the series' labels in it. */
function named(legend: string, labels: Labels): string {
  return legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? "");
}
