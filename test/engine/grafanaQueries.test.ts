/**
 * Every query of the dashboards on a real Prometheus that has the site's rules and scrapes what a small busy site would
 * answer: each is taken, and each has something to show. What the programs answer is pretended; the lab asks real ones.
 */
import { monitored } from "../support/componentArgs";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dashboardFiles } from "../../components/monitoring/dashboardFiles";
import { SCRAPE_JOBS } from "../../components/monitoring/names";
import { ruleTexts } from "../../components/monitoring/prometheusConfiguration";
import { ruleFiles } from "../../components/monitoring/rules";
import { PrometheusClient } from "../../stacks/site/commands/prometheusClient";
import { drawFigures } from "../lab/figures/draw";
import { FIGURES } from "../lab/figures/figures";
import { Daemon, freePorts } from "../support/daemon";
import { panelQueries, withoutVariables } from "../support/dashboardQueries";
import { ensureToolchain } from "../toolchain";
import { monitoredSite } from "../unit/monitoring/monitoredSite";
import { ANSWERS, BATCH_NODES, NODE_CORES } from "./simulatedMetrics";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
const SETTLED_SECONDS = 60;

let folder: string;
let targets: Server;
let daemon: Daemon;
let prometheus: PrometheusClient;

/** Answers `/<job>/<node>`. */
async function serveTargets(): Promise<number> {
  targets = createServer((asked, answer) => {
    const [, job, node] = (asked.url ?? "").split("/");
    // Without it Prometheus takes nothing.
    answer.setHeader("content-type", "text/plain; version=0.0.4");
    answer.end(`${ANSWERS[job]?.(node, Date.now() / 1000).join("\n")}\n`);
  });
  await new Promise<void>((resolve) => targets.listen(0, "127.0.0.1", resolve));
  return (targets.address() as AddressInfo).port;
}

/** The site's rules as they are; targets by address instead of by the Kubernetes API, each second. */
function configuration(port: number, ownPort: number): object {
  const perNode: readonly string[] = [
    SCRAPE_JOBS.cadvisor,
    SCRAPE_JOBS.kubelet,
    SCRAPE_JOBS.nodeExporter,
    SCRAPE_JOBS.cvmfsProbe,
  ];
  const job = (name: string, node: string) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { __metrics_path__: `/${name}/${node}`, node, ...(name === SCRAPE_JOBS.squid ? { pod: "squid-0" } : {}) },
  });
  return {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [join(folder, "rules", "*.yaml")],
    scrape_configs: [
      ...Object.keys(ANSWERS).map((name) => ({
        job_name: name,
        honor_labels: name === SCRAPE_JOBS.stateMetrics,
        static_configs: (perNode.includes(name) ? BATCH_NODES : ["hosting-control-0"]).map((node) => job(name, node)),
      })),
      { job_name: SCRAPE_JOBS.prometheus, static_configs: [{ targets: [`127.0.0.1:${ownPort}`] }] },
    ],
  };
}

beforeAll(async () => {
  const toolchain = await ensureToolchain({ only: ["prometheus"] });
  folder = mkdtempSync(join(tmpdir(), "atlas-site-queries-"));
  mkdirSync(join(folder, "rules"));
  for (const [name, text] of Object.entries(ruleTexts(ruleFiles(monitored(monitoredSite()))))) {
    writeFileSync(join(folder, "rules", name), text);
  }
  const [port] = await freePorts(1);
  writeFileSync(join(folder, "prometheus.yaml"), JSON.stringify(configuration(await serveTargets(), port)));
  const args = [
    `--config.file=${join(folder, "prometheus.yaml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    "--storage.tsdb.retention.size=1GB",
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  daemon = new Daemon("prometheus", toolchain.binary("prometheus"), args, folder);
  prometheus = new PrometheusClient(`http://127.0.0.1:${port}`);
  const settled = async () => {
    // Recorded from recorded ones, with a rate below: when it is there, so is the rest.
    const efficiency = await prometheus.query("batch:cpu_efficiency:ratio").catch(() => []);
    return efficiency.length > 0 && (await prometheus.query("count_over_time(up[1m]) > 8")).length > 0;
  };
  for (const end = Date.now() + SETTLED_SECONDS * 1000; !(await settled()); await sleep(500)) {
    if (!daemon.alive || Date.now() > end) {
      throw new Error(`rules recorded nothing in ${SETTLED_SECONDS} s\n${daemon.lastWords()}`);
    }
  }
}, 60 * MINUTE);

afterAll(async () => {
  await daemon?.stop();
  targets?.close();
  removeFolder(folder);
});

describe.each(Object.entries(dashboardFiles()))("%s", (_, text) => {
  test("has something to show in every panel, by every query", async () => {
    const empty: string[] = [];
    for (const { panel, expression } of panelQueries(text)) {
      // What is looked at once in five minutes would be looked at once in the life of this test, or never.
      const plain = withoutVariables(expression, { rateInterval: "5s", range: "5s" }).replaceAll(":5m]", ":1s]");
      if ((await prometheus.query(plain)).length === 0) empty.push(`${panel}: ${plain}`);
    }
    expect(empty).toEqual([]);
  });
});

test("the figures of a run are drawn from it", async () => {
  const said: string[] = [];
  await drawFigures(prometheus, join(folder, "figures"), 1, (line) => said.push(line));
  const drawn = said.map((file) => readFileSync(file, "utf8"));
  expect(drawn).toHaveLength(FIGURES.length);
  drawn.forEach((text, index) => expect(text).toContain(FIGURES[index].title));
  expect(drawn[0]).toContain(">harvester</text>");
  // Two jobs use a share of the site so small that the bound is told and not drawn.
  expect(drawn[0]).toContain(">cores, of 22.5 allocatable</text>");
});

describe("what is shown is what the pretended site does", () => {
  /** Values of a panel's query by the values of their labels. */
  async function shown(file: string, panel: string, index = 0): Promise<Record<string, number>> {
    const { expression } = panelQueries(dashboardFiles()[file]).filter((query) => query.panel === panel)[index];
    const samples = await prometheus.query(withoutVariables(expression, { rateInterval: "5s" }));
    const values = (labels: Readonly<Record<string, string>>) =>
      Object.entries(labels)
        .flatMap(([label, value]) => (label === "__name__" ? [] : [value]))
        .join();
    return Object.fromEntries(samples.map(({ labels, value }) => [values(labels), value]));
  }
  const batch = (panel: string, index?: number) => shown("batch.json", panel, index);
  const onEach = (value: unknown) => ({ [BATCH_NODES[0]]: value, [BATCH_NODES[1]]: value });

  test("cores: two jobs of one core on two nodes, so that no node has room for the one of eight", async () => {
    expect(await batch("Cores in use")).toEqual({ harvester: expect.closeTo(1.8) });
    expect(await batch("Cores in use", 1)).toEqual({ "": 2 * NODE_CORES });
    expect(await batch("Packing efficiency")).toEqual({ "": expect.closeTo(1.8 / (2 * NODE_CORES)) });
    expect(await batch("Jobs' pods by node")).toEqual(onEach(1));
    expect(await batch("Free cores by node")).toEqual(onEach(expect.closeTo(NODE_CORES - 0.9)));
    expect(await batch("Stranded cores")).toEqual({ "": expect.closeTo(2 * (NODE_CORES - 0.9)) });
    // In whole cores, since Harvester asks for nine tenths of each.
    expect(await shown("accounting.json", "Cores in use")).toEqual({ harvester: expect.closeTo(2) });
  });

  test("waiting: one job of eight cores", async () => {
    expect(await batch("Waiting pods by size")).toEqual({ "7.2": 1 });
    expect(await batch("Waiting pods of the largest size")).toEqual({ harvester: 1 });
  });

  test("endings: of 1200 seconds 1000 were good; why the others ended", async () => {
    expect(await batch("Wallclock of good jobs")).toEqual({ harvester: expect.closeTo(1000 / 1200) });
    expect(await batch("Core hours of ended pods")).toEqual({
      Succeeded: expect.closeTo((1000 * 0.9) / 3600),
      Failed: expect.closeTo((200 * 0.9) / 3600),
    });
    expect(await batch("Why containers ended")).toEqual({ OOMKilled: 1, Error: 1 });
    expect(await batch("Why containers ended", 1)).toEqual({ "": 2 });
    expect(await batch("Starts an hour")).toEqual({ harvester: 5 });
    expect(await batch("Jobs that fail")).toEqual({ harvester: 0.5 });
  });

  test("cluster: half a core for each of four containers", async () => {
    const both = (value: unknown) => ({ harvester: value, "atlas-site-monitoring": value });
    expect(await shown("site-overview.json", "Processors by namespace")).toEqual(both(expect.closeTo(1, 1)));
    expect(await shown("site-overview.json", "Memory by namespace")).toEqual(both(1e9));
    expect(await shown("site-overview.json", "Least free disk by node")).toEqual(onEach(0.5));
  });
});
