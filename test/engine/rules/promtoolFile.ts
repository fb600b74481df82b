/** Cases as files that `promtool test rules` reads. */
import { stringify } from "yaml";
import type { AlertCase, Labels, RecordCase, Scraped } from "./ruleCase";
import { named } from "./scraped";

/** How far a recorded value may be from the one reckoned by hand: only by rounding. */
const TOLERANCE = 0.000_001;

interface Query {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

function group(name: string, scraped: Scraped, minute: number, queries: readonly Query[]): object {
  return {
    name,
    interval: "1m",
    input_series: Object.entries(scraped).map(([series, values]) => ({
      series,
      values: values.replaceAll("x*", `x${minute + 1}`),
    })),
    promql_expr_test: queries,
  };
}

/** Firing alerts are series, too; unlike promtool's own test of alerts this one leaves the texts alone. */
function alertGroup({ alert, severity, shows, scraped, minute, firing }: AlertCase): object {
  const ofAlert = { alertname: alert, alertstate: "firing", severity };
  return group(`${alert} (${severity}): ${shows}`, scraped, minute, [
    {
      expr: named("ALERTS", ofAlert),
      eval_time: `${minute}m`,
      exp_samples: firing.map((labels) => ({ labels: named("ALERTS", { ...ofAlert, ...labels }), value: 1 })),
    },
  ]);
}

function recordGroup({ record, shows, scraped, minute, values }: RecordCase): object {
  const at = `${minute}m`;
  const value = ({ labels, value: expected }: { labels: Labels; value: number }): Query => ({
    expr: `count(abs(${named(record, labels)} - ${expected}) < ${TOLERANCE})`,
    eval_time: at,
    exp_samples: [{ labels: "{}", value: 1 }],
  });
  return group(`${record}: ${shows}`, scraped, minute, [
    {
      expr: `count(${record})`,
      eval_time: at,
      exp_samples: values.length === 0 ? [] : [{ labels: "{}", value: values.length }],
    },
    ...values.map(value),
  ]);
}

/**
 * A test file.
 * @param ruleFiles paths of the rule files
 * @param order names of groups, in the order in which they stand on one another
 */
export function promtoolFile(
  ruleFiles: readonly string[],
  order: readonly string[],
  alerts: readonly AlertCase[],
  records: readonly RecordCase[],
): string {
  const tests = [...alerts.map(alertGroup), ...records.map(recordGroup)];
  return stringify(
    { rule_files: ruleFiles, evaluation_interval: "1m", group_eval_order: order, tests },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
