/** The queries of dashboards as they stand in the JSON, for whoever wants to parse or to run them. Needs no SDK. */

/** A query of a panel. */
export interface PanelQuery {
  /** Title of the dashboard. */
  readonly dashboard: string;
  /** Title of the panel. */
  readonly panel: string;
  /** The expression, with Grafana's variables in it. */
  readonly expression: string;
  /** How its series are called: labels in double braces. */
  readonly legend: string;
}

interface DashboardJson {
  readonly title: string;
  readonly panels: readonly {
    readonly title?: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

/** Values of Grafana's own variables. */
export interface GrafanaVariables {
  /** `$__rate_interval`: at least four scrapes; default 5 minutes. */
  readonly rateInterval?: string;
  /** `$__interval`: from one value to the next; default 30 seconds. */
  readonly interval?: string;
  /** `$__range`: the time shown; default 1 hour. */
  readonly range?: string;
}

/**
 * Every query of a dashboard.
 * @param json text of the dashboard's file
 */
export function panelQueries(json: string): PanelQuery[] {
  const { title, panels } = JSON.parse(json) as DashboardJson;
  return panels.flatMap(({ title: panel = "", targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ dashboard: title, panel, expression: expr, legend: legendFormat })),
  );
}

/**
 * An expression that Prometheus takes.
 * @throws Error when a variable is left that only Grafana could tell
 */
export function withoutVariables(expression: string, variables: GrafanaVariables = {}): string {
  const { rateInterval = "5m", interval = "30s", range = "1h" } = variables;
  const plain = expression
    .replaceAll("$__rate_interval", rateInterval)
    .replaceAll("$__interval", interval)
    .replaceAll("$__range", range);
  const left = /\$\{?\w+/.exec(plain);
  if (left !== null) {
    throw new Error(`no value is known for ${left[0]} in ${expression}; use $__rate_interval, $__interval or $__range`);
  }
  return plain;
}
