/** What the lab reads from Prometheus about Prometheus: a target that is down and a rule in error must not be overlooked. */
import { describe, expect, it } from "vitest";
import type { LoadedGroup, Target } from "../../../stacks/site/commands/prometheusClient";
import { answering, brokenRules, countRules } from "../../lab/site/scrapeTargets";
import { costTable, totalCost } from "../../lab/site/stackCost";

const target = (job: string, health: Target["health"], lastError = ""): Target => ({
  labels: { job },
  scrapePool: job,
  scrapeUrl: `http://${job}/metrics`,
  health,
  lastError,
});

const group: LoadedGroup = {
  name: "batch",
  file: "batch.yaml",
  rules: [
    { type: "recording", name: "batch:cores_running:sum", query: "1", health: "ok" },
    { type: "alerting", name: "Watchdog", query: "1", health: "ok" },
    { type: "alerting", name: "SquidDown", query: "2", health: "err", lastError: "many-to-many" },
    { type: "alerting", name: "Young", query: "3", health: "unknown" },
  ],
};

describe("targets and rules", () => {
  it("counts who answers, and says why who does not", () => {
    const seen = answering([target("squid", "up"), target("squid", "down", "refused"), target("etcd", "up")]);
    expect(seen).toEqual({ up: { squid: 1, etcd: 1 }, down: ["squid http://squid/metrics down: refused"] });
  });

  it("names rules in error and rules that were never evaluated", () => {
    expect(brokenRules([group])).toEqual(["batch: SquidDown is err: many-to-many", "batch: Young is unknown: "]);
    expect(countRules([group])).toEqual({ groups: 1, records: 1, alerts: 3 });
  });
});

describe("the cost of watching", () => {
  const prometheus = { namespace: "m", container: "prometheus", memoryMb: 200, cores: 0.05 };
  const exporter = { namespace: "n", container: "node-exporter", memoryMb: 60, cores: 0.004 };
  const shipper = { namespace: "l", container: "log-shipper", memoryMb: 300, cores: 0.1 };

  it("is added up, log shippers apart", () => {
    const { memoryMb, cores } = totalCost([prometheus, exporter]);
    expect(memoryMb).toBe(260);
    expect(cores).toBeCloseTo(0.054);
    const table = costTable({ monitoring: [prometheus, exporter], logs: [shipper] }).split("\n");
    expect(table[3]).toMatch(/^monitoring together +260 MiB +0\.054 cores$/);
    expect(table[5]).toMatch(/^log shippers together +300 MiB +0\.100 cores$/);
  });
});
