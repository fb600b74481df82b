/** Accounting's picture of the jobs, judged by promtool: what is in it, what is not, and that it disturbs no other rule. */
import { monitored } from "../support/componentArgs";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { accountingView } from "../../components/monitoring/rules/accountingView";
import { ruleFiles } from "../../components/monitoring/rules/index";
import type { RuleFile } from "../../components/monitoring/rules/ruleFile";
import { ensureToolchain } from "../toolchain";
import { accountedSite } from "../unit/accounting/accountingSite";
import { promtoolFinds } from "./rules/promtool";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
const SITE = accountedSite();
const REQUESTS = "kube_pod_container_resource_requests";

/** Expression at a minute, and every series it must have, by labels. */
interface Question {
  readonly expr: string;
  readonly minute: number;
  readonly values: Readonly<Record<string, number>>;
}

let folder: string;
let promtool: string;
beforeAll(async () => {
  promtool = (await ensureToolchain({ only: ["promtool"] })).binary("promtool");
  folder = mkdtempSync(join(tmpdir(), "accounting-view-"));
}, 30 * MINUTE);
afterAll(() => removeFolder(folder));

/** What promtool finds wrong. Series are one value a minute; `_` is a scrape without, `stale` the first after the end. */
function finds(
  files: readonly RuleFile[],
  scraped: Record<string, string>,
  questions: readonly Question[],
): Promise<string> {
  const rules = files.map((file, i) => {
    const path = join(folder, `rules-${i}.yaml`);
    writeFileSync(path, stringify(file, { lineWidth: 0 }));
    return path;
  });
  const given = {
    interval: "1m",
    input_series: Object.entries(scraped).map(([series, values]) => ({ series, values })),
    promql_expr_test: questions.map(({ expr, minute, values }) => ({
      expr,
      eval_time: `${minute}m`,
      exp_samples: Object.entries(values).map(([labels, value]) => ({ labels, value })),
    })),
  };
  const cases = join(folder, "cases.yaml");
  writeFileSync(cases, stringify({ rule_files: rules, evaluation_interval: "1m", tests: [given] }, { lineWidth: 0 }));
  return promtoolFinds(promtool, "test", "rules", cases);
}

const scrapedOf = (pod: string, more = "") =>
  `{job="kube-state-metrics",namespace="production",pod="${pod}",uid="${pod}"${more}}`;
const cpu = (container: string, node: string, more = "") =>
  `,container="${container}",node="${node}",resource="cpu",unit="core"${more}`;
const seen = (series: string, pod: string, more = "") =>
  `${series}{namespace="production.whole-cores",pod="${pod}",uid="${pod}"${more}}`;
const PICTURE = '{namespace="production.whole-cores"}';

test("promtool takes it", async () => {
  const path = join(folder, "view.yaml");
  writeFileSync(path, stringify(accountingView(SITE), { lineWidth: 0 }));
  expect(await promtoolFinds(promtool, "check", "rules", "--lint=all", path)).toBe("");
});

test("it has whole cores of pods on a node, all containers of one pod together, and nobody else's", async () => {
  const other = `{namespace="whole",pod="other",uid="other"${cpu("job", "n1")}}`;
  const scraped = {
    [REQUESTS + scrapedOf("eight", cpu("job", "n1"))]: "7.2x10",
    [REQUESTS + scrapedOf("three", cpu("job", "n1"))]: "1.8x10",
    [REQUESTS + scrapedOf("three", cpu("helper", "n1"))]: "0.9x10",
    [REQUESTS + scrapedOf("waiting", cpu("job", ""))]: "0.9x10",
    [REQUESTS + scrapedOf("eight", ',container="job",node="n1",resource="memory",unit="byte"')]: "2000x10",
    [REQUESTS + other]: "8x10",
  };
  const whole = (pod: string) => seen(REQUESTS, pod, ',node="n1",resource="cpu",unit="core"');
  const values = { [whole("eight")]: 8, [whole("three")]: 3 };
  expect(await finds([accountingView(SITE)!], scraped, [{ expr: REQUESTS + PICTURE, minute: 5, values }])).toBe("");
});

test("it has a pod that was there for two scrapes, and lets it go; one pod while two exporters show it", async () => {
  const scraped = {
    ["kube_pod_completion_time" + scrapedOf("short")]: "_ 1000 1000 stale",
    ["kube_pod_completion_time" + scrapedOf("twice", ',instance="a"')]: "1200x10",
    ["kube_pod_completion_time" + scrapedOf("twice", ',instance="b"')]: "1200x10",
  };
  const expr = `kube_pod_completion_time${PICTURE}`;
  const [short, twice] = ["short", "twice"].map((pod) => seen("kube_pod_completion_time", pod));
  const questions = [
    { expr, minute: 2, values: { [short]: 1000, [twice]: 1200 } },
    { expr, minute: 4, values: { [twice]: 1200 } },
    {
      expr: `max_over_time(${expr}[1h])`,
      minute: 10,
      values: { [short.replace(/^\w+/, "")]: 1000, [twice.replace(/^\w+/, "")]: 1200 },
    },
  ];
  expect(await finds([accountingView(SITE)!], scraped, questions)).toBe("");
});

test("a case that is wrong is found: the picture's cores are not what was requested", async () => {
  const scraped = { [REQUESTS + scrapedOf("eight", cpu("job", "n1"))]: "7.2x10" };
  const values = { [seen(REQUESTS, "eight", ',node="n1",resource="cpu",unit="core"')]: 7.2 };
  const said = await finds([accountingView(SITE)!], scraped, [{ expr: REQUESTS + PICTURE, minute: 5, values }]);
  expect(said).toContain("FAILED");
});

test("the site's other rules see the jobs once, with the picture as without", async () => {
  const node = "small-batch-1";
  const scraped = {
    [`kube_node_status_allocatable{node="${node}",resource="cpu",unit="core"}`]: "7.7x10",
    [`kube_node_status_condition{node="${node}",condition="Ready",status="true"}`]: "1x10",
    [REQUESTS + scrapedOf("eight", cpu("job", node))]: "7.2x10",
    ["kube_pod_start_time" + scrapedOf("eight")]: "10x10",
    ["kube_pod_status_phase" + scrapedOf("eight", ',phase="Running"')]: "1x10",
  };
  const questions: Question[] = [
    { expr: "round(batch:node_cores_free, 0.001)", minute: 8, values: { [`{node="${node}"}`]: 0.5 } },
    { expr: "round(batch:cores_running:sum, 0.001)", minute: 8, values: { "{}": 7.2 } },
  ];
  const files = ruleFiles(monitored(SITE));
  expect(Object.keys(files)).toContain("accounting-view");
  expect(await finds(Object.values(files), scraped, questions)).toBe("");
  const without = ruleFiles(monitored(accountedSite({ accounting: { mode: "none" } })));
  expect(await finds(Object.values(without), scraped, questions)).toBe("");
});
