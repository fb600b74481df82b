/** Every alert has a page of what to do, every page an alert, and what a page tells to type can be typed. */
import { monitored } from "../../support/componentArgs";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  ACCOUNTING_NAMESPACE,
  MONITORING_NAMESPACE,
  NODE_METRICS_NAMESPACE,
} from "../../../components/monitoring/names";
import { ruleFiles } from "../../../components/monitoring/rules/index";
import { runbookUrl } from "../../../components/monitoring/rules/runbooks";
import { subjects } from "../../../components/monitoring/rules/subjects";
import { LOGS_NAMESPACE } from "../../../components/traceability/names";
import { CVMFS_NAMESPACE, SQUID_NAMESPACE } from "../../../components/cvmfs/names";
import { smallSite } from "../../engine/rules/ruleSites";
import { parsePromQl } from "../../support/promql";
import { ROOT } from "../../support/sites";
import { RULE_METRICS } from "./ruleMetrics";
import { SCRAPED_METRICS } from "./scrapedMetrics";

const FOLDER = join(ROOT, "docs/runbooks");
const pages = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".md") && file !== "README.md")
  .map((file) => ({ name: file.replace(/\.md$/, ""), text: readFileSync(join(FOLDER, file), "utf8") }));
const alerts = Object.values(subjects(monitored(smallSite()))).flatMap((subject) => subject.alerts);
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, "g"))].flatMap(([, block]) =>
    block.trim().split("\n"),
  );

/** What pages ask for beside what rules and dashboards do, each seen in its program's source. */
const ONLY_LOOKED_AT = [
  ...["kube_pod_container_status_last_terminated_reason", "kubelet_volume_stats_available_bytes"],
  ...["node_cpu_seconds_total", "node_disk_io_time_seconds_total", "node_timex_sync_status"],
  ...["node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"],
  ...["prometheus_rule_group_last_duration_seconds", "prometheus_rule_group_interval_seconds"],
];

describe("runbooks", () => {
  test("are those of the alerts, one each", () => {
    expect(pages.map(({ name }) => name).sort()).toEqual([...new Set(alerts.map(({ name }) => name))].sort());
  });

  test("are where the rules point", () => {
    const rules = Object.values(ruleFiles(monitored(smallSite()))).flatMap(({ groups }) =>
      groups.flatMap((group) => group.rules),
    );
    const urls = rules.flatMap((rule) => ("alert" in rule ? [rule.annotations.runbook_url] : []));
    expect(urls.length).toBeGreaterThan(60);
    expect(urls.filter((url) => !existsSync(join(ROOT, url)))).toEqual([]);
    expect(runbookUrl("Watchdog")).toBe("docs/runbooks/Watchdog.md");
  });

  test("are at the address that the site publishes them at, for every alert", () => {
    const { monitoring, ...rest } = monitored(smallSite());
    const runbookUrl = "https://git.example/site/docs/runbooks";
    const rules = Object.values(ruleFiles({ ...rest, monitoring: { ...monitoring, runbookUrl } })).flatMap(
      ({ groups }) => groups.flatMap((group) => group.rules),
    );
    const alertRules = rules.flatMap((rule) => ("alert" in rule ? [rule] : []));
    expect(alertRules.length).toBeGreaterThan(60);
    for (const { alert, annotations } of alertRules) {
      expect(annotations.runbook_url).toBe(`${runbookUrl}/${alert}.md`);
    }
  });

  test.each(pages)("$name has its five parts, in their order", ({ name, text }) => {
    const headings = [...text.matchAll(/^#+ .*$/gm)].map(([heading]) => heading);
    expect(headings).toEqual([
      ...[`# ${name}`, "## Meaning", "## Impact", "## Diagnosis", "## Mitigation", "## False positives"],
    ]);
    expect(text).not.toMatch(/\n\n\n|TODO|\bTBD\b/);
  });

  test("name only pages that are there", () => {
    const links = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => ({ name, to })),
    );
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter(({ to }) => !existsSync(join(FOLDER, to.replace(/#.*$/, ""))))).toEqual([]);
    const documents = pages.flatMap(({ text }) => [...text.matchAll(/docs\/[\w-]+\.md/g)].map(([path]) => path));
    expect(documents.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("look into namespaces that the site has", () => {
    const own = [MONITORING_NAMESPACE, NODE_METRICS_NAMESPACE, LOGS_NAMESPACE, ACCOUNTING_NAMESPACE, CVMFS_NAMESPACE];
    const known = [
      ...own,
      SQUID_NAMESPACE,
      "kube-system",
      "kube-node-lease",
      "harvester-service",
      "QUEUE",
      "NAMESPACE",
    ];
    const used = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/kubectl[^\n`]*? -n ([\w-]+)/g)].map(([, namespace]) => ({ name, namespace })),
    );
    expect(used.length).toBeGreaterThan(80);
    expect(used.filter(({ namespace }) => !known.includes(namespace))).toEqual([]);
  });

  test("ask Prometheus in PromQL, for series that are there", () => {
    const recorded = Object.values(subjects(monitored(smallSite()))).flatMap(({ records }) =>
      records.map(({ record }) => record),
    );
    const scraped = [...Object.values(RULE_METRICS), ...Object.values(SCRAPED_METRICS)].flat();
    const known = new Set([...recorded, ...scraped, ...ONLY_LOOKED_AT, "ALERTS", "up"]);
    const queries = pages.flatMap(({ name, text }) => blocks(text, "promql").map((query) => ({ name, query })));
    expect(queries.length).toBeGreaterThan(80);
    const wrong = queries.flatMap(({ name, query }) => {
      const { errors, selectors } = parsePromQl(query);
      const unknown = selectors.filter(({ metric }) => metric !== "" && !known.has(metric)).map(({ metric }) => metric);
      return [...errors, ...unknown].map((error) => `${name}: ${query}: ${error}`);
    });
    expect(wrong).toEqual([]);
  });
});
