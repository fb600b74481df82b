/** A dashboard out of rows of panels: what all dashboards of the site have in common. */
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  RowBuilder,
  type Dashboard,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { placeOnGrid, type Size } from "./grid";

/** Tag of every dashboard, by which each finds the others. */
export const TAG = "atlas-site";

/** Variable that names the data source, for a Grafana that has several sites in it. */
export const DATA_SOURCE_VARIABLE = "datasource";

/** What the dashboard's own name of a data source is made of. */
export const DATA_SOURCE = { type: "prometheus", uid: `\${${DATA_SOURCE_VARIABLE}}` };

/** The part of a panel's builder that a dashboard needs. */
export interface PlacedPanel {
  readonly size: Size;
  readonly builder: Builder<Panel> & { id(id: number): unknown; gridPos(position: object): unknown };
}

/** Panels below a title. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PlacedPanel[];
}

/** What tells a dashboard from the others. */
export interface DashboardText {
  /** Name of its file without ending; with the tag before it, its stable address in Grafana. */
  readonly name: string;
  readonly title: string;
  /** What it answers, in a line or two. */
  readonly description: string;
  /** What is shown first, e.g. `now-6h`. */
  readonly from: string;
  readonly rows: readonly Row[];
}

/** The dashboard as Grafana's JSON. */
export function dashboardOf({ name, title, description, from, rows }: DashboardText): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(`${TAG}-${name}`)
    .description(description)
    .tags([TAG])
    // As logs, accounting and the other sites have it.
    .timezone("utc")
    .time({ from, to: "now" })
    .refresh("1m")
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .withVariable(new DatasourceVariableBuilder(DATA_SOURCE_VARIABLE).label("Prometheus").type("prometheus"))
    .link(
      new DashboardLinkBuilder("Dashboards of the site")
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
    );
  let [id, top] = [1, 0];
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title).id(id++).gridPos({ x: 0, y: top, w: 24, h: 1 }));
    const { positions, bottom } = placeOnGrid(
      row.panels.map(({ size }) => size),
      top + 1,
    );
    row.panels.forEach((panel, index) => {
      panel.builder.id(id++);
      panel.builder.gridPos({ ...positions[index] });
      builder.withPanel(panel.builder);
    });
    top = bottom;
  }
  return builder.build();
}
