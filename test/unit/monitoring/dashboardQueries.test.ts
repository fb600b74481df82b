/** What the dashboards ask is PromQL, of series that somebody makes and nobody throws away. */
import { monitored } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { dashboardFiles } from "../../../components/monitoring/dashboardFiles";
import { scrapeConfigs } from "../../../components/monitoring/prometheusConfiguration";
import { ruleFiles } from "../../../components/monitoring/rules";
import { panelQueries, withoutVariables, type PanelQuery } from "../../support/dashboardQueries";
import { parsePromQl } from "../../support/promql";
import { OWN_SERIES, SCRAPED_METRICS } from "./scrapedMetrics";
import { monitoredSite } from "./monitoredSite";

const files = Object.values(dashboardFiles());
const queries = files.flatMap(panelQueries);
const place = ({ dashboard, panel }: PanelQuery) => `${dashboard}, ${panel}`;
const selectors = queries.flatMap((query) =>
  parsePromQl(withoutVariables(query.expression)).selectors.map((selector) => ({ ...selector, at: place(query) })),
);

/** Names of the series that the rules record. */
function recorded(): Set<string> {
  const groups = Object.values(ruleFiles(monitored(monitoredSite()))).flatMap((file) => file.groups);
  return new Set(groups.flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : []))));
}

describe("the queries of the dashboards", () => {
  test("are found: of every panel at least one", () => {
    const panels = files.flatMap((text) => {
      const { title, panels } = JSON.parse(text) as { title: string; panels: { type: string; title: string }[] };
      return panels.filter(({ type }) => type !== "row").map((panel) => `${title}, ${panel.title}`);
    });
    expect(panels.length).toBeGreaterThan(60);
    expect(new Set(queries.map(place))).toEqual(new Set(panels));
  });

  test("are PromQL without an error", () => {
    const wrong = queries.flatMap((query) =>
      parsePromQl(withoutVariables(query.expression)).errors.map((error) => `${place(query)}: ${error}`),
    );
    expect(wrong).toEqual([]);
  });

  test("ask for series that the rules record, or that a scraped program has under the job that is named", () => {
    const known = recorded();
    const unknown = selectors.filter(
      ({ metric, job }) =>
        !known.has(metric) &&
        !(job === undefined ? OWN_SERIES.includes(metric) : SCRAPED_METRICS[job]?.includes(metric)),
    );
    expect(unknown).toEqual([]);
    expect(selectors.filter(({ metric }) => known.has(metric)).length).toBeGreaterThan(20);
  });

  test("use every name of the list, so that it holds no dead ones", () => {
    const listed = Object.entries(SCRAPED_METRICS).flatMap(([job, names]) =>
      names.map((metric) => `${metric} of ${job}`),
    );
    const asked = new Set(selectors.map(({ metric, job }) => `${metric} of ${job}`));
    expect(listed.filter((one) => !asked.has(one))).toEqual([]);
  });

  test("ask for nothing that Prometheus drops when it scrapes", () => {
    const drops = new Map(
      scrapeConfigs(monitored(monitoredSite())).map(({ job_name, metric_relabel_configs = [] }) => {
        const dropped = metric_relabel_configs.filter(({ action }) => action === "drop");
        return [job_name, dropped.map(({ regex }) => new RegExp(`^(?:${regex})$`))] as const;
      }),
    );
    expect([...drops.values()].flat().length).toBeGreaterThan(3);
    const lost = selectors.filter(({ metric, job }) => drops.get(job ?? "")?.some((regex) => regex.test(metric)));
    expect(lost).toEqual([]);
  });

  test("name jobs that Prometheus scrapes", () => {
    const scraped = scrapeConfigs(monitored(monitoredSite())).map(({ job_name }) => job_name);
    const jobs = new Set(selectors.flatMap(({ job }) => (job === undefined ? [] : [job])));
    expect(jobs.size).toBeGreaterThan(10);
    expect([...jobs].filter((job) => !scraped.includes(job))).toEqual([]);
  });

  test("hold no name of a site's own: no queue's namespace, no pool, no machine", () => {
    const { site, queues, cloud } = monitoredSite();
    const names = [
      ...Object.values(queues).map(({ namespace }) => namespace),
      ...Object.keys(cloud!.pools).map((pool) => `${site.name}-${pool}`),
    ];
    expect(names.length).toBeGreaterThan(2);
    const named = queries.filter(({ expression }) => names.some((name) => expression.includes(`"${name}`)));
    expect(named).toEqual([]);
  });
});

describe("Grafana's variables", () => {
  test("become what Prometheus takes", () => {
    expect(withoutVariables("rate(a[$__rate_interval]) + sum_over_time(b[$__range:$__interval])")).toBe(
      "rate(a[5m]) + sum_over_time(b[1h:30s])",
    );
    expect(withoutVariables("rate(a[$__rate_interval])", { rateInterval: "20s" })).toBe("rate(a[20s])");
  });

  test("are refused where only Grafana knows them", () => {
    expect(() => withoutVariables('a{namespace="$namespace"}')).toThrow(/\$namespace/);
    expect(() => withoutVariables("a[${__range_s}s]")).toThrow(/\$\{__range_s/);
  });
});

describe("the parser", () => {
  test("tells an error from an expression", () => {
    expect(parsePromQl("sum(rate(a[5m])").errors).not.toEqual([]);
    expect(parsePromQl("sum by (rate(a[5m]))").errors).not.toEqual([]);
    expect(parsePromQl('sum by (b) (rate(a{job="x"}[5m])) / on () c').errors).toEqual([]);
  });

  test("finds every selector with its job", () => {
    expect(parsePromQl('rate(a{job="x", b=~"c"}[5m]) / ignoring (d) e:f:g or {h="i"}').selectors).toEqual([
      { metric: "a", job: "x" },
      { metric: "e:f:g", job: undefined },
      { metric: "", job: undefined },
    ]);
  });
});
