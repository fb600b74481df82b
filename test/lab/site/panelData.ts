/** Whether every panel of every dashboard shows something: each query is put to the lab's Prometheus. */
import { dashboardFiles } from "../../../components/monitoring/dashboardFiles";
import type { PrometheusClient } from "../../../stacks/site/commands/prometheusClient";
import { panelQueries, withoutVariables } from "../../support/dashboardQueries";

/** Panels that may be empty in the lab, as `dashboard / panel`, with the reason. */
export const EMPTY_IN_THE_LAB: Readonly<Record<string, string>> = {
  "ATLAS site: accounting / Time since the last records": "Kuantifier's images cannot be had here, so it never runs",
  "ATLAS site: CVMFS and squid / Input/output errors": "the stand-in for the client keeps no count of errors",
};

/** Queries that are open at once. */
const TOGETHER = 4;

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
  const left = [...queries];
  const ask = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const name = `${next.dashboard} / ${next.panel}`;
      const samples = await prometheus.query(withoutVariables(next.expression));
      // What Prometheus calls not a number no panel can draw.
      if (samples.every(({ value }) => Number.isNaN(value)) && !(name in EMPTY_IN_THE_LAB)) {
        empty.push(`${name}: ${next.expression}`);
      }
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, ask));
  return { asked: queries.length, empty: empty.sort() };
}
