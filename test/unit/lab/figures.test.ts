/** The figures of a lab run: each shows a panel there is, with what Prometheus answers. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dashboardFiles } from "../../../components/monitoring/dashboardFiles";
import type { PrometheusClient, Series } from "../../../stacks/site/commands/prometheusClient";
import { drawFigures } from "../../lab/figures/draw";
import { chartOf, FIGURES, onGrid, spanOf } from "../../lab/figures/figures";
import { panelQueries } from "../../support/dashboardQueries";
import { removeFolder } from "../../support/removeFolder";

interface Asked {
  readonly expression: string;
  readonly start: Date;
  readonly end: Date;
  readonly step: number;
}

/** A Prometheus that knows two namespaces, and their bound. */
function pretended(asked: Asked[], known = true): PrometheusClient {
  const points = (start: Date, end: Date, step: number, value: number) => {
    const count = Math.floor((end.getTime() - start.getTime()) / 1000 / step) + 1;
    return Array.from({ length: count }, (_, index) => ({ seconds: start.getTime() / 1000 + index * step, value }));
  };
  const queryRange = (expression: string, start: Date, end: Date, step: number): Promise<Series[]> => {
    asked.push({ expression, start, end, step });
    if (!known) return Promise.resolve([]);
    const namespaces = /by \(namespace\)/.test(expression) ? ["harvester", "kube-system"] : [""];
    return Promise.resolve(
      namespaces.map((namespace, index) => ({
        labels: { namespace },
        points: points(start, end, step, /allocatable/.test(expression) ? 16 : index + 1),
      })),
    );
  };
  return { queryRange } as unknown as PrometheusClient;
}

const SPAN = spanOf(new Date("2026-11-25T20:00:00Z"), new Date("2026-11-25T21:00:00Z"), 15);

describe("each figure", () => {
  test("shows a panel that there is, and takes its bound from there", () => {
    for (const { dashboard, panel, bound } of FIGURES) {
      const queries = panelQueries(dashboardFiles()[dashboard]).filter((query) => query.panel === panel);
      expect([panel, queries.length > 0]).toEqual([panel, true]);
      if (bound !== undefined) expect(queries.map(({ legend }) => legend)).toContain(bound);
    }
  });

  test("has a file of its own; there are Figure 1 and those of the batch system", () => {
    const files = FIGURES.map(({ file }) => file);
    expect(new Set(files).size).toBe(files.length);
    expect(files.filter((file) => file.startsWith("figure-1-"))).toHaveLength(2);
    expect(files.filter((file) => file.startsWith("figure-3-"))).toHaveLength(2);
  });

  test("asks the panel's queries, with Grafana's variables filled in", async () => {
    const asked: Asked[] = [];
    const chart = await chartOf(FIGURES[0], pretended(asked), SPAN);
    expect(asked.map(({ expression }) => expression)).toEqual([
      expect.stringContaining('container_cpu_usage_seconds_total{job="cadvisor", container!=""}[60s]'),
      expect.stringContaining("kube_node_status_allocatable"),
    ]);
    expect(chart.series.map(({ name, values }) => [name, values[0]])).toEqual([
      ["harvester", 1],
      ["kube-system", 2],
    ]);
    expect(chart.bound).toMatchObject({ name: "allocatable" });
    expect(chart.times).toHaveLength(241);
    expect(chart.bound?.values.every((value) => value === 16)).toBe(true);
  });

  test("that shows a panel which is no more is an error that says what to change", async () => {
    const lost = { ...FIGURES[0], panel: "Lost" };
    await expect(chartOf(lost, pretended([]), SPAN)).rejects.toThrow('no panel "Lost" in site-overview.json');
  });
});

test("values are put where they belong: none where there is none, or no number", () => {
  const points = [
    { seconds: 10.001, value: 100 },
    { seconds: 30, value: NaN },
    { seconds: 40, value: 300 },
  ];
  expect(onGrid({ labels: { a: "x" }, points }, "{{a}}, {{b}}", [10, 20, 30, 40], 100)).toEqual({
    name: "x, ",
    values: [1, undefined, undefined, 3],
  });
});

describe("a stretch of time is looked at", () => {
  const end = new Date("2026-11-25T21:00:00Z");
  const before = (seconds: number) => new Date(end.getTime() - seconds * 1000);

  test("no finer than Prometheus scrapes, and a rate sees four scrapes", () => {
    expect(spanOf(before(600), end, 15)).toMatchObject({ step: 15, rateSeconds: 60 });
    expect(spanOf(before(600), end, 5)).toMatchObject({ step: 5, rateSeconds: 60 });
  });

  test("no finer than can be seen", () => {
    expect(spanOf(before(86_400), end, 15)).toMatchObject({ step: 108, rateSeconds: 432 });
  });
});

describe("the command", () => {
  test("writes every figure from the first data on, and names each file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "figures-"));
    try {
      const said: string[] = [];
      await drawFigures(pretended([]), join(folder, "new"), 15, (line) => said.push(line));
      const files = FIGURES.map(({ file }) => `${file}.svg`);
      expect(readdirSync(join(folder, "new")).sort()).toEqual([...files].sort());
      expect(said).toEqual(files.map((file) => join(folder, "new", file)));
      expect(readFileSync(said[0], "utf8")).toContain("harvester");
    } finally {
      removeFolder(folder);
    }
  });

  test("says so when Prometheus has seen nothing yet", async () => {
    await expect(drawFigures(pretended([], false), "/nonexistent", 15, () => undefined)).rejects.toThrow(
      "has seen nothing yet",
    );
  });
});
