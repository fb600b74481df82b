/** The three kinds of panels the dashboards are made of. */
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { runbookUrl } from "../rules/runbooks";
import { DATA_SOURCE, type PlacedPanel } from "./dashboard";

/** What is asked, and how its series are called: labels in double braces. */
export interface Query {
  readonly expression: string;
  readonly legend: string;
}

/** What every panel says of itself. */
export interface PanelText {
  readonly title: string;
  /** What is shown, and what good looks like. */
  readonly description: string;
  /** Names of the alerts that are raised on it: the description ends with their runbooks. */
  readonly alerts?: readonly string[];
  /** Unit in Grafana's words. */
  readonly unit: string;
  readonly queries: readonly Query[];
}

/** How a panel with a time axis is drawn. */
export interface TimeSeriesLook {
  /** Columns; a half of the width when absent. */
  readonly width?: number;
  /** One upon the other, so that the upper edge is the sum. */
  readonly stacked?: boolean;
  /** Legend of a series that is a bound and not a part: a dashed line, never stacked. */
  readonly bound?: string;
  /** Upper end of the axis; 1 for shares. */
  readonly max?: number;
  /** Bars instead of a line. */
  readonly bars?: boolean;
  /** Least time from one value to the next, e.g. `1d`; what the time shown and the width give when absent. */
  readonly step?: string;
}

const letter = (index: number) => String.fromCharCode("A".charCodeAt(0) + index);

function query({ expression, legend }: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder().refId(letter(index)).datasource(DATA_SOURCE).expr(expression).legendFormat(legend);
}

function described({ description, alerts = [] }: Pick<PanelText, "description" | "alerts">): string {
  return alerts.length === 0
    ? description
    : `${description} Runbooks: ${alerts.map((alert) => runbookUrl(alert)).join(", ")}.`;
}

/** Values over time. */
export function timeSeries(text: PanelText, look: TimeSeriesLook = {}): PlacedPanel {
  const builder = new TimeSeriesBuilder()
    .title(text.title)
    .description(described(text))
    .datasource(DATA_SOURCE)
    .targets(text.queries.map((one, index) => query(one, index).range()))
    .unit(text.unit)
    .min(0)
    .drawStyle(look.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .fillOpacity(look.stacked ? 50 : 5)
    .lineWidth(1)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (look.stacked) {
    builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"));
  }
  if (look.bound !== undefined) {
    builder.overrideByName(look.bound, [
      { id: "custom.stacking", value: { mode: "none", group: "A" } },
      { id: "custom.fillOpacity", value: 0 },
      { id: "custom.lineStyle", value: { fill: "dash", dash: [10, 10] } },
      { id: "color", value: { mode: "fixed", fixedColor: "text" } },
    ]);
  }
  if (look.max !== undefined) {
    builder.max(look.max);
  }
  if (look.step !== undefined) {
    builder.interval(look.step);
  }
  return { size: { width: look.width ?? 12, height: 8 }, builder };
}

/** The newest value of each series, large. */
export function stat(text: PanelText, width = 4): PlacedPanel {
  const builder = new StatBuilder()
    .title(text.title)
    .description(described(text))
    .datasource(DATA_SOURCE)
    .targets(text.queries.map((one, index) => query(one, index).instant()))
    .unit(text.unit)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    // Thresholds are the site's own and are told by its alerts, so a number here has no colour of good or bad.
    .colorMode(BigValueColorMode.None)
    .graphMode(BigValueGraphMode.None);
  return { size: { width, height: 4 }, builder };
}

/** A column of a table: its query's value. */
export interface Column extends Pick<Query, "expression"> {
  readonly heading: string;
  /** Unit in Grafana's words; the table's own when absent. */
  readonly unit?: string;
}

/** What a table says of itself. */
export interface TableText extends Omit<PanelText, "queries"> {
  /** Every query must give series with the same labels, since a row is what they share. */
  readonly columns: readonly Column[];
  /** Columns of the grid; a half of the width when absent. */
  readonly width?: number;
}

/** The newest values as a table: a row for each set of labels, a column for each query. */
export function table(text: TableText): PlacedPanel {
  const { title, unit, columns, width = 12 } = text;
  // Several queries come as `Value #A` and so on, a single one as `Value`.
  const field = (index: number) => (columns.length === 1 ? "Value" : `Value #${letter(index)}`);
  const headings = columns.map(({ heading }, index) => [field(index), heading] as const);
  const builder = new TableBuilder()
    .title(title)
    .description(described(text))
    .datasource(DATA_SOURCE)
    .targets(
      columns.map(({ expression }, index) =>
        query({ expression, legend: "" }, index).instant().format(PromQueryFormat.Table),
      ),
    )
    .unit(unit)
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({
      id: "organize",
      options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(headings) },
    });
  columns.forEach(({ heading, unit: own }) => {
    if (own !== undefined) {
      builder.overrideByName(heading, [{ id: "unit", value: own }]);
    }
  });
  return { size: { width, height: 8 }, builder };
}
