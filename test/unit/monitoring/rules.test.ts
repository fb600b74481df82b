/** The rules as data: what they ask for is there, what they say is true of them, and the site file decides what it says it does. */
import { variants } from "../../support/sites";
import { monitored } from "../../support/componentArgs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DATABASE, SERVICE } from "../../../components/harvester/names";
import { SCRAPE_JOBS } from "../../../components/monitoring/names";
import { scrapeConfigs } from "../../../components/monitoring/prometheusConfiguration";
import { ruleFiles } from "../../../components/monitoring/rules/index";
import type { Alert } from "../../../components/monitoring/rules/ruleFile";
import { subjects } from "../../../components/monitoring/rules/subjects";
import { PROXY_SECRET } from "../../../components/security/names";
import { siteSchema, type Site, type Thresholds } from "../../../stacks/site/site";
import { alertCases } from "../../engine/rules/allCases";
import { recordCases } from "../../engine/rules/recordCases";
import { bareSite, smallSite, twoQueues } from "../../engine/rules/ruleSites";
import { parsePromQl } from "../../support/promql";
import { RULE_METRICS } from "./ruleMetrics";

const alertsOf = (of: Site): Alert[] => Object.values(subjects(monitored(of))).flatMap(({ alerts }) => [...alerts]);
const recordsOf = (of: Site) => Object.values(subjects(monitored(of))).flatMap(({ records }) => [...records]);
const rulesOf = (of: Site) =>
  Object.values(ruleFiles(monitored(of))).flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));
const small = smallSite();
const key = ({ name, severity }: { name: string; severity: string }) => `${name} (${severity})`;
const ofCase = ({ alert, severity }: { alert: string; severity: string }) => key({ name: alert, severity });

describe("rule files", () => {
  test("of a site without queues, CVMFS and a control plane of its own have no rules on them", () => {
    expect(Object.keys(ruleFiles(monitored(bareSite())))).toEqual(["nodes", "control-plane", "services", "watching"]);
    const names = alertsOf(bareSite()).map(({ name }) => name);
    expect(names.filter((name) => /Etcd|Scheduler|Cvmfs|Squid|Harvester|Missing$|Log|Accounting/.test(name))).toEqual(
      [],
    );
  });

  test("are groups of their own names, so that no two are one", () => {
    const files = ruleFiles(monitored(small));
    expect(Object.entries(files).map(([name, { groups }]) => groups.map((group) => group.name === name))).toEqual(
      Object.keys(files).map(() => [true]),
    );
  });

  test("know the names that Harvester has, which stands above them", () => {
    const text = JSON.stringify(ruleFiles(monitored(small)).credentials);
    expect(text).toContain(`secret=\\"${PROXY_SECRET}\\"`);
    expect(text).toContain(`${SERVICE}|${DATABASE}`);
  });
});

describe("of whatever site", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
  const queue = fc.record({
    cores: fc.integer({ min: 1, max: 64 }),
    cpuRequestPercent: fc.integer({ min: 1, max: 100 }),
  });
  const sites = fc
    .record({
      namespaces: fc.uniqueArray(name, { maxLength: 4 }),
      queues: fc.array(queue, { minLength: 4, maxLength: 4 }),
      scrapeSeconds: fc.integer({ min: 5, max: 120 }),
      strandedPercent: fc.integer({ min: 1, max: 100 }),
      // Less than two scrapes would be refused.
      nodeMinutes: fc.integer({ min: 4, max: 10_000 }),
      variant: fc.constantFrom("hostCvmfs", "csi", "harvesterMariadb", "servicesOnExisting", "zonesVolumesTaints"),
    })
    .map(({ namespaces, queues, scrapeSeconds, strandedPercent, nodeMinutes, variant }) =>
      siteSchema.parse({
        ...variants[variant as "csi"],
        queues: Object.fromEntries(
          namespaces.map((namespace, index) => [
            `QUEUE-${index}`,
            {
              ...{ namespace, pool: "batch", cpuRequestPercent: queues[index].cpuRequestPercent },
              largestJob: { cores: queues[index].cores, memoryMb: 1000 },
            },
          ]),
        ),
        monitoring: {
          ...{ mode: "prometheus", pool: "services", scrapeSeconds },
          thresholds: { strandedPercent, nodeMinutes },
        },
      }),
    );

  test("every expression is PromQL, and no series without a metric's name is asked for", () => {
    fc.assert(
      fc.property(sites, (of) => {
        for (const rule of rulesOf(of)) {
          const { errors, selectors } = parsePromQl(rule.expr);
          expect({ expr: rule.expr, errors }).toEqual({ expr: rule.expr, errors: [] });
          expect(selectors.filter(({ metric }) => metric === "")).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("no two rules of a name and severity differ in nothing, and no rule is there twice", () => {
    fc.assert(
      fc.property(sites, (of) => {
        const said = rulesOf(of).map((rule) =>
          JSON.stringify("alert" in rule ? [rule.alert, rule.labels] : [rule.record, rule.labels ?? {}]),
        );
        expect(said.filter((one, index) => said.indexOf(one) !== index)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("an alert that must last lasts two scrapes at least, and a series outlives two that fail", () => {
    fc.assert(
      fc.property(sites, (of) => {
        const { scrapeSeconds } = of.monitoring as { scrapeSeconds: number };
        const hasty = alertsOf(of).filter(({ minutes }) => minutes > 0 && minutes * 60 < 2 * scrapeSeconds);
        expect(hasty.map(key)).toEqual([]);
        expect(2 * scrapeSeconds).toBeLessThan(300);
      }),
      { numRuns: 25 },
    );
  });

  test("every rate sees four scrapes, so that one may fail", () => {
    fc.assert(
      fc.property(sites, (of) => {
        const { scrapeSeconds } = of.monitoring as { scrapeSeconds: number };
        const ranges = rulesOf(of).flatMap(({ expr }) =>
          [...expr.matchAll(/\[(\d+)s\]/g)].map(([, range]) => Number(range)),
        );
        expect(ranges.length).toBeGreaterThan(5);
        expect(ranges.filter((range) => range < 4 * scrapeSeconds)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe("what the rules ask for", () => {
  const recorded = new Set(recordsOf(small).map(({ record }) => record));
  const selectors = [
    ...alertsOf(small).map(({ expression }) => expression),
    ...recordsOf(small).map(({ expr }) => expr),
  ]
    .flatMap((expression) => parsePromQl(expression).selectors)
    .filter(({ metric }) => !recorded.has(metric));
  const known = new Map(
    Object.entries(RULE_METRICS).flatMap(([job, names]) => names.map((one) => [one, job] as const)),
  );

  test("is recorded by them or known of a program that is scraped, under the job they name", () => {
    expect(selectors.length).toBeGreaterThan(100);
    const jobs: readonly string[] = Object.values(SCRAPE_JOBS);
    const right = ({ metric, job }: { metric: string; job?: string }) =>
      metric === "up"
        ? job === undefined || jobs.includes(job)
        : known.has(metric) && (job ?? known.get(metric)) === known.get(metric);
    const strange = selectors.filter((selector) => !right(selector));
    expect(strange).toEqual([]);
  });

  test("is every name of the list, so that it holds no dead ones", () => {
    const asked = new Set(selectors.map(({ metric }) => metric));
    expect([...known.keys()].filter((metric) => !asked.has(metric))).toEqual([]);
  });

  test("is nothing that Prometheus drops when it scrapes", () => {
    const lost = scrapeConfigs(monitored(small)).flatMap(({ job_name, metric_relabel_configs = [] }) => {
      const drops = metric_relabel_configs.filter(({ action }) => action === "drop");
      const names = RULE_METRICS[job_name] ?? [];
      return drops.flatMap(({ regex }) => names.filter((one) => new RegExp(`^(?:${regex})$`).test(one)));
    });
    expect(lost).toEqual([]);
  });
});

describe("cases for the rules", () => {
  test("show every alert firing and quiet; the watchdog alone is never quiet", () => {
    const all = new Set(alertsOf(small).map(key));
    const firing = new Set(alertCases.filter((one) => one.firing.length > 0).map(ofCase));
    const quiet = new Set(alertCases.filter((one) => one.firing.length === 0).map(ofCase));
    expect(all.size).toBeGreaterThan(60);
    expect([...all].filter((one) => !firing.has(one))).toEqual([]);
    expect([...all].filter((one) => !quiet.has(one))).toEqual(["Watchdog (info)"]);
    expect([...firing, ...quiet].filter((one) => !all.has(one))).toEqual([]);
  });

  test("reckon every recorded series", () => {
    const reckoned = new Set(recordCases.filter(({ values }) => values.length > 0).map(({ record }) => record));
    for (const of of [small, twoQueues()]) {
      expect(recordsOf(of).filter(({ record }) => !reckoned.has(record))).toEqual([]);
    }
  });

  test("have the labels that the alerts' texts name", () => {
    const texts = new Map(alertsOf(small).map((alert) => [key(alert), `${alert.summary} ${alert.when}`]));
    const missing = alertCases.flatMap((one) =>
      one.firing.flatMap((labels) =>
        [...(texts.get(ofCase(one)) ?? "").matchAll(/\$labels\.(\w+)/g)]
          .filter(([, label]) => !(label in labels))
          .map(([, label]) => `${ofCase(one)}: ${label}`),
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe("thresholds of the site file", () => {
  const plain = new Map(
    alertsOf(small).map((alert) => [key(alert) + JSON.stringify(alert.labels), JSON.stringify(alert)]),
  );
  const keys = Object.keys((small.monitoring as { thresholds: Thresholds }).thresholds) as (keyof Thresholds)[];

  test.each(keys)("%s changes the alerts that name it, and no other", (threshold) => {
    const before = (small.monitoring as { thresholds: Thresholds }).thresholds[threshold];
    const changed = alertsOf(smallSite({ [threshold]: before - 1 })).filter(
      (alert) => plain.get(key(alert) + JSON.stringify(alert.labels)) !== JSON.stringify(alert),
    );
    const naming = alertsOf(small).filter(({ thresholds }) => thresholds.includes(threshold));
    expect(naming.length).toBeGreaterThan(0);
    expect(new Set(changed.map(key))).toEqual(new Set(naming.map(key)));
  });
});
