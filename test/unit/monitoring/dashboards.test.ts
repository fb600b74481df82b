/** The dashboards' JSON: such that Grafana shows it as it is meant. */
import { monitored } from "../../support/componentArgs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COLUMNS, placeOnGrid } from "../../../components/monitoring/dashboards/grid";
import { dashboardFiles } from "../../../components/monitoring/dashboardFiles";
import { ruleFiles } from "../../../components/monitoring/rules";
import { runbookUrl } from "../../../components/monitoring/rules/runbooks";
import { monitoredSite } from "./monitoredSite";

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: object;
  targets?: { refId: string; expr: string; datasource: object; range?: boolean; instant?: boolean; format?: string }[];
  fieldConfig?: { defaults: { unit?: string; thresholds?: object; min?: number } };
}

interface Dashboard {
  uid: string;
  title: string;
  description: string;
  schemaVersion: number;
  tags: string[];
  editable: boolean;
  timezone: string;
  templating: { list: { type: string; name: string; query: string }[] };
  panels: Panel[];
}

const files = dashboardFiles();
const all = Object.entries(files).map(([file, text]) => ({ file, dashboard: JSON.parse(text) as Dashboard }));
const drawn = all.flatMap(({ dashboard }) => dashboard.panels.filter(({ type }) => type !== "row"));

describe("the committed dashboards", () => {
  test("are the five of a site", () => {
    expect(Object.keys(files)).toEqual([
      "accounting.json",
      "batch.json",
      "control-plane.json",
      "cvmfs.json",
      "site-overview.json",
    ]);
  });

  test("fit a ConfigMap together", () => {
    expect(Buffer.byteLength(Object.values(files).join(""))).toBeLessThan(1024 * 1024);
  });
});

describe.each(all)("$file", ({ file, dashboard }) => {
  test("keeps its address, cannot be changed in the browser, and knows one data source", () => {
    expect(dashboard.uid).toBe(`atlas-site-${file.replace(".json", "")}`);
    // Grafana takes no longer ones.
    expect(dashboard.uid.length).toBeLessThanOrEqual(40);
    expect(dashboard).toMatchObject({ editable: false, timezone: "utc", tags: ["atlas-site"] });
    expect(dashboard).not.toHaveProperty("id");
    expect(dashboard.templating.list).toMatchObject([{ type: "datasource", name: "datasource", query: "prometheus" }]);
    // The first with the panels and variables that are used here; newer Grafanas bring older dashboards up to theirs.
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
  });

  test("gives every panel a number of its own and a place that is no other's", () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect([x >= 0, x + w <= COLUMNS]).toEqual([true, true]);
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
    });
    expect(new Set(taken).size).toBe(taken.length);
    expect(panels[0].type).toBe("row");
  });

  test("asks for all of its data by the variable", () => {
    const source = { type: "prometheus", uid: "${datasource}" };
    for (const { type, datasource, targets = [] } of dashboard.panels.filter(({ type }) => type !== "row")) {
      expect(datasource).toEqual(source);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      targets.forEach((target) => {
        expect(target.datasource).toEqual(source);
        expect([type, target.range === true]).toEqual([type, type === "timeseries"]);
        expect([type, target.instant === true]).toEqual([type, type !== "timeseries"]);
        expect([type, target.format === "table"]).toEqual([type, type === "table"]);
      });
    }
  });
});

describe("panels", () => {
  test("have a title, a unit, and say what good looks like", () => {
    for (const { title, description = "", fieldConfig, type } of drawn) {
      expect(title).not.toBe("");
      expect(fieldConfig?.defaults.unit).toBeTruthy();
      // A table of everything and a count of ended jobs have no good and bad.
      if (type !== "table" && !/^(Jobs that ended|Core hours in|Why containers)|^Cores in use$/.test(title)) {
        expect([title, description]).toEqual([title, expect.stringContaining("Good: ")]);
      }
      expect(description.length).toBeLessThan(400);
    }
  });

  test("colour nothing by thresholds: those are the site's, and its alerts tell of them", () => {
    expect(drawn.filter(({ fieldConfig }) => fieldConfig?.defaults.thresholds !== undefined)).toEqual([]);
  });

  test("name runbooks of alerts that there are", () => {
    const rules = Object.values(ruleFiles(monitored(monitoredSite()))).flatMap(({ groups }) =>
      groups.flatMap((one) => one.rules),
    );
    const known = new Set(rules.flatMap((rule) => ("alert" in rule ? [runbookUrl(rule.alert)] : [])));
    const named = drawn.flatMap(({ description = "" }) => description.match(/docs\/runbooks\/\w+\.md/g) ?? []);
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((runbook) => !known.has(runbook))).toEqual([]);
  });

  test("tell their series apart: a query whose series differ has a legend that says how", () => {
    const legends = all.flatMap(({ dashboard }) =>
      dashboard.panels.flatMap(({ type, title, targets = [] }) =>
        targets
          .filter(() => type === "timeseries")
          .map((target) => ({ title, expr: target.expr, legend: (target as { legendFormat?: string }).legendFormat })),
      ),
    );
    expect(legends.filter(({ legend }) => !legend)).toEqual([]);
    for (const { title, expr, legend } of legends) {
      const [, by] = /^(?:\d+ \* )?(?:sum|max|min|avg|count) by \(([^)]+)\)/.exec(expr) ?? [];
      by?.split(", ").forEach((label) => expect([title, legend]).toEqual([title, expect.stringContaining(label)]));
    }
  });
});

describe("places on the grid", () => {
  const size = fc.record({ width: fc.integer({ min: 1, max: COLUMNS }), height: fc.integer({ min: 1, max: 12 }) });

  test("never overlap, stay in the grid and in order, and leave the first line below free", () => {
    fc.assert(
      fc.property(fc.array(size, { maxLength: 12 }), fc.nat(50), (sizes, top) => {
        const { positions, bottom } = placeOnGrid(sizes, top);
        expect(positions.map(({ w, h }) => ({ width: w, height: h }))).toEqual(sizes);
        const cells = positions.flatMap(({ x, y, w, h }) => {
          expect([x + w <= COLUMNS, y >= top, y + h <= bottom]).toEqual([true, true, true]);
          return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
        });
        expect(new Set(cells).size).toBe(cells.length);
        const order = positions.map(({ x, y }) => y * COLUMNS + x);
        expect([...order].sort((one, other) => one - other)).toEqual(order);
      }),
    );
  });

  test.each([
    { width: 25, height: 1 },
    { width: 0, height: 1 },
    { width: 3, height: 0 },
  ])("are refused to a panel of $width by $height", (wrong) => {
    expect(() => placeOnGrid([wrong], 0)).toThrow(`${wrong.width} × ${wrong.height} has no place on the grid`);
  });
});
