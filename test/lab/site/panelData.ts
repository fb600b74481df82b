/** Whether every panel of every dashboard shows something: each query is put to the lab's Prometheus. */
import { dashboardFiles } from "../../../components/monitoring/dashboardFiles";
import { panelQueries, withoutVariables } from "../../../components/monitoring/dashboards/queries";
import type { PrometheusClient } from "../../../stacks/commands/prometheusClient";

/** Panels that may be empty in the lab, as `dashboard / panel`, with the reason. */
export const EMPTY_IN_THE_LAB: Readonly<Record<string, string>> = {};

/** What came of the queries. */
export interface PanelReport {
  /** Number of queries. */
  readonly asked: number;
  /** Panels without data, as `dashboard / panel: expression`, apart from those that may be empty. */
  readonly empty: readonly string[];
}

/** Puts every query of every panel to Prometheus, each at this moment. @throws Error when Prometheus refuses one */
export async function panelsWithoutData(prometheus: PrometheusClient): Promise<PanelReport> {
  const queries = Object.values(dashboardFiles()).flatMap(panelQueries);
  const empty: string[] = [];
  for (const { dashboard, panel, expression } of queries) {
    const name = `${dashboard} / ${panel}`;
    const samples = await prometheus.query(withoutVariables(expression));
    // What Prometheus calls not a number no panel can draw.
    if (samples.every(({ value }) => Number.isNaN(value)) && !(name in EMPTY_IN_THE_LAB)) {
      empty.push(`${name}: ${expression}`);
    }
  }
  return { asked: queries.length, empty };
}
