/** A chart as SVG: one file, readable by day and by night, with a legend in its own colours. */
import { foldSmall, largestValue, stack, stretches, type Chart, type ChartSeries } from "./chart";
import { timeText, timeTicks, valueTicks } from "./scale";

const WIDTH = 900;
const PLOT = { left: 64, top: 48, width: 812, height: 260 };
const BOTTOM = PLOT.top + PLOT.height;
const LEGEND_TOP = BOTTOM + 62;
const LEGEND_COLUMNS = 4;
const LEGEND_LINE = 20;
/** Labels of 5 or 8 digits stand without touching. */
const MOST_TIMES = 10;

/** Told apart by everybody, in this order, and seen on white and on black alike. */
const COLOURS = ["#3b82c4", "#e08a1e", "#2fa36b", "#c2528b", "#8a6fd1", "#a59a1c", "#23a3b5", "#b0644a"];

/** What is lost is red and hatched, so that it is found without the legend. */
const LOSS_COLOUR = "#d1242f";
const LOSS_FILL = "url(#loss)";
const LOSS_PATTERN =
  '<defs><pattern id="loss" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  `<rect width="6" height="6" fill="${LOSS_COLOUR}" fill-opacity="0.25"/>` +
  `<rect width="2.5" height="6" fill="${LOSS_COLOUR}"/></pattern></defs>`;

/** Between two charts of one file. */
const COLUMN_GAP = 16;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .paper { fill: #ffffff }
  .grid { stroke: #d5dae0; stroke-width: 1 }
  .axis { stroke: #6e7781; stroke-width: 1 }
  .bound { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 6 5; fill: none }
  .line { stroke-width: 1.8; fill: none; stroke-linejoin: round; stroke-linecap: round }
  .area { fill-opacity: 0.65; stroke-width: 1 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .paper { fill: #0d1117 }
    .grid { stroke: #2b323b }
    .axis { stroke: #8b949e }
    .bound { stroke: #e6edf3 }
  }`;

/**
 * Draws a chart.
 * @throws Error when it has fewer than two times or no series: there would be nothing to see
 */
export function svg(chart: Chart): string {
  const { height, lines, description } = drawing(chart);
  return document(height, chart.title, description, lines);
}

/**
 * Draws charts one below the other, in one file.
 * @param title what they show together
 * @throws Error as `svg`
 */
export function svgColumn(title: string, charts: readonly Chart[]): string {
  const drawings = charts.map(drawing);
  let top = 0;
  const lines = drawings.flatMap((one) => {
    const moved = [`<g transform="translate(0 ${top})">`, ...one.lines, "</g>"];
    top += one.height + COLUMN_GAP;
    return moved;
  });
  const description = charts.map((chart, index) => `${chart.title}: ${drawings[index].description}`).join("; ");
  return document(top - COLUMN_GAP, title, description, lines);
}

function document(height: number, title: string, description: string, lines: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description)}</desc>`,
    `<style>${STYLE}\n</style>`,
    ...(lines.some((line) => line.includes(LOSS_FILL)) ? [LOSS_PATTERN] : []),
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

/** A chart without the file around it. */
interface Drawing {
  readonly height: number;
  readonly lines: readonly string[];
  /** What is drawn, in words. */
  readonly description: string;
}

function drawing(chart: Chart): Drawing {
  const { times, title, unit } = chart;
  if (times.length < 2 || chart.series.length === 0) {
    throw new Error(
      `"${title}" has ${chart.series.length} series at ${times.length} times; a chart needs 1 and 2; wait until there are more data`,
    );
  }
  // A loss lies upon the others, so their order is the chart's own.
  const folded = chart.loss === undefined ? { ...chart, series: foldSmall(chart.series, COLOURS.length) } : chart;
  const ticks = valueTicks(largestValue(folded));
  const [from, to] = [times[0], times[times.length - 1]];
  const place: Place = {
    x: (seconds) => PLOT.left + ((seconds - from) / (to - from)) * PLOT.width,
    y: (value) => BOTTOM - (value / ticks[ticks.length - 1]) * PLOT.height,
    times,
  };
  const fill = (index: number) => (folded.series[index].name === chart.loss ? LOSS_FILL : COLOURS[index]);
  const names = [...folded.series.map(({ name }) => name), ...(chart.bound ? [chart.bound.name] : [])];
  const caption = chart.sinceStart ? "hours" : `UTC, from ${new Date(from * 1000).toISOString().slice(0, 10)}`;
  return {
    height: LEGEND_TOP + Math.ceil(names.length / LEGEND_COLUMNS) * LEGEND_LINE,
    description: `${unit} over time: ${names.join(", ")}`,
    lines: [
      text(PLOT.left, 22, title, 'class="title"'),
      text(PLOT.left, PLOT.top - 8, unit),
      ...valueAxis(ticks, place),
      ...timeAxis(from, to, place, chart.sinceStart ?? false),
      text(PLOT.left + PLOT.width, BOTTOM + 40, caption, 'text-anchor="end"'),
      ...(folded.stacked ? areas(folded.series, place, fill) : lines(folded.series, place)),
      ...(chart.bound === undefined ? [] : [boundLine(chart.bound, place)]),
      ...legend(names, chart.bound !== undefined, fill),
    ],
  };
}

/** From times and values to the paper. */
interface Place {
  x(seconds: number): number;
  y(value: number): number;
  readonly times: readonly number[];
}

function valueAxis(ticks: readonly number[], { y }: Place): string[] {
  return ticks.flatMap((value) => [
    `<line class="grid" x1="${PLOT.left}" x2="${PLOT.left + PLOT.width}" y1="${round(y(value))}" y2="${round(y(value))}"/>`,
    text(PLOT.left - 8, y(value) + 4, String(value), 'text-anchor="end"'),
  ]);
}

function timeAxis(from: number, to: number, { x }: Place, sinceStart: boolean): string[] {
  const ticks = timeTicks(from, to, MOST_TIMES);
  const step = ticks.length < 2 ? 60 : ticks[1] - ticks[0];
  return [
    `<line class="axis" x1="${PLOT.left}" x2="${PLOT.left + PLOT.width}" y1="${BOTTOM}" y2="${BOTTOM}"/>`,
    ...ticks.flatMap((seconds) => [
      `<line class="axis" x1="${round(x(seconds))}" x2="${round(x(seconds))}" y1="${BOTTOM}" y2="${BOTTOM + 5}"/>`,
      text(x(seconds), BOTTOM + 20, sinceStart ? hours(seconds) : timeText(seconds, step), 'text-anchor="middle"'),
    ]),
  ];
}

/** Hours since the start, without needless digits. */
function hours(seconds: number): string {
  return String(Number((seconds / 3600).toFixed(2)));
}

function areas(series: readonly ChartSeries[], { x, y, times }: Place, fill: (index: number) => string): string[] {
  return stack(series).flatMap(({ bands }, index) =>
    stretches(bands).map(([first, last]) => {
      const indices = Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
      const edge = (which: "low" | "high") => (at: number) => point(x(times[at]), y(bands[at]?.[which] ?? 0));
      const corners = [...indices.map(edge("high")), ...indices.reverse().map(edge("low"))];
      const colour = fill(index);
      const stroke = colour === LOSS_FILL ? LOSS_COLOUR : colour;
      return `<polygon class="area" fill="${colour}" stroke="${stroke}" points="${corners.join(" ")}"/>`;
    }),
  );
}

function lines(series: readonly ChartSeries[], place: Place): string[] {
  return series.map((one, index) => `<path class="line" stroke="${COLOURS[index]}" d="${path(one, place)}"/>`);
}

function boundLine(bound: ChartSeries, place: Place): string {
  return `<path class="bound" d="${path(bound, place)}"/>`;
}

function path({ values }: ChartSeries, { x, y, times }: Place): string {
  return stretches(values)
    .map(([first, last]) => {
      const points = values
        .slice(first, last + 1)
        .map((value, offset) => point(x(times[first + offset]), y(value ?? 0)));
      // A single point is a line of no length, which its round end makes seen.
      return `M${points.join("L")}${points.length === 1 ? "h0" : ""}`;
    })
    .join("");
}

function legend(names: readonly string[], bounded: boolean, fill: (index: number) => string): string[] {
  return names.flatMap((name, index) => {
    const left = PLOT.left + ((index % LEGEND_COLUMNS) * PLOT.width) / LEGEND_COLUMNS;
    const middle = LEGEND_TOP + Math.floor(index / LEGEND_COLUMNS) * LEGEND_LINE - 4;
    const mark =
      bounded && index === names.length - 1
        ? `<line class="bound" x1="${round(left)}" x2="${round(left + 14)}" y1="${middle}" y2="${middle}"/>`
        : `<rect x="${round(left)}" y="${middle - 6}" width="14" height="12" fill="${fill(index)}"/>`;
    return [mark, text(left + 20, middle + 5, name)];
  });
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}"${attributes === "" ? "" : ` ${attributes}`}>${escaped(content)}</text>`;
}

function point(x: number, y: number): string {
  return `${round(x)},${round(y)}`;
}

/** A tenth of a pixel is finer than anybody sees. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
