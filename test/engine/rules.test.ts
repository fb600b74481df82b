/** The site's rules in Prometheus' own judge: each alert fires and is quiet when it should, each figure is that of pencil and paper. */
import { monitored } from "../support/componentArgs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { subjects } from "../../components/monitoring/rules/subjects";
import type { Thresholds } from "../../stacks/site/site";
import { ensureToolchain } from "../toolchain";
import { alertCases } from "./rules/allCases";
import { promtoolFinds, writeCases, writeRules } from "./rules/promtool";
import { recordCases } from "./rules/recordCases";
import type { CaseSite } from "./rules/ruleCase";
import { bareSite, smallSite, twoQueues } from "./rules/ruleSites";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;

/** Values of thresholds with which no case of the small site may fire any more. */
const PATIENT: Thresholds = {
  wallclockSuccessPercent: 1,
  wallclockMinutes: 5000,
  strandedPercent: 99,
  strandedMinutes: 5000,
  jobFailurePercent: 99,
  jobFailureLeast: 10_000,
  jobFailureMinutes: 5000,
  nodeFailures: 1000,
  pendingMinutes: 5000,
  pendingLargeMinutes: 5000,
  noStartMinutes: 5000,
  startingMinutes: 5000,
  credentialMinutes: 5000,
  nodeMinutes: 5000,
  nodesPercent: 100,
  cvmfsMinutes: 5000,
  squidMinutes: 5000,
  volumePercent: 100,
};

let promtool: string;
let folder: string;

beforeAll(async () => {
  promtool = (await ensureToolchain({ only: ["promtool"] })).binary("promtool");
  folder = mkdtempSync(join(tmpdir(), "rules-"));
}, 30 * MINUTE);

afterAll(() => removeFolder(folder));

const recordsOf = (site: CaseSite) => recordCases.filter((one) => one.site === site);

describe("rules are taken by Prometheus", () => {
  test.each([
    ["a small site", smallSite],
    ["a site with two queues", twoQueues],
    ["a site with nothing", bareSite],
  ])("of %s", async (name, site) => {
    const files = writeRules(site(), join(folder, name.replaceAll(" ", "-")));
    expect(files.length).toBeGreaterThan(3);
    expect(await promtoolFinds(promtool, "check", "rules", "--lint=all", "--lint-fatal", ...files)).toBe("");
  });
});

describe("in time", () => {
  const small = Object.entries(subjects(monitored(smallSite())));

  test.each(small.map(([name]) => name))(
    "rules on %s do what their cases say",
    async (name) => {
      const mine = new Set(subjects(monitored(smallSite()))[name].alerts.map((alert) => alert.name));
      const recorded = new Set(subjects(monitored(smallSite()))[name].records.map(({ record }) => record));
      const alerts = alertCases.filter(({ alert }) => mine.has(alert));
      const records = recordsOf("small").filter(({ record }) => recorded.has(record));
      const files = writeCases(smallSite(), join(folder, `small-${name}`), alerts, records);
      expect(files).toHaveLength(1);
      expect(await promtoolFinds(promtool, "test", "rules", ...files)).toBe("");
    },
    10 * MINUTE,
  );

  test(
    "figures of two queues are each queue's own, and the site's their sum",
    async () => {
      const files = writeCases(twoQueues(), join(folder, "two"), [], recordsOf("twoQueues"));
      expect(files.length).toBeGreaterThan(1);
      expect(await promtoolFinds(promtool, "test", "rules", ...files)).toBe("");
    },
    10 * MINUTE,
  );

  test(
    "a case that is wrong is found",
    async () => {
      const [firing] = alertCases.filter(({ alert, firing }) => alert === "TargetDown" && firing.length > 0);
      const wrong = { ...firing, firing: [] };
      const files = writeCases(smallSite(), join(folder, "wrong"), [wrong]);
      expect(await promtoolFinds(promtool, "test", "rules", ...files)).toContain("FAILED");
    },
    10 * MINUTE,
  );
});

describe("thresholds", () => {
  test.each(Object.keys(PATIENT) as (keyof Thresholds)[])(
    "with a patient %s nothing fires that it decides on",
    async (key) => {
      const site = smallSite({ [key]: PATIENT[key] });
      const decided = Object.values(subjects(monitored(site))).flatMap(({ alerts }) =>
        alerts.filter(({ thresholds }) => thresholds.includes(key)),
      );
      const cases = alertCases
        .filter(({ firing }) => firing.length > 0)
        .filter(({ alert, severity }) => decided.some((one) => one.name === alert && one.severity === severity))
        // A longer look back sees more failures, so here patience is a shorter one; its own case is below.
        .filter(({ alert }) => !(alert === "NodeBlackHole" && key === "jobFailureMinutes"))
        .map((one) => ({ ...one, firing: [] }));
      expect(cases.length).toBeGreaterThan(0);
      const files = writeCases(site, join(folder, `patient-${key}`), cases);
      expect(await promtoolFinds(promtool, "test", "rules", ...files)).toBe("");
    },
    10 * MINUTE,
  );

  test(
    "looking back a minute, no node has swallowed enough",
    async () => {
      const cases = alertCases
        .filter(({ alert, firing }) => alert === "NodeBlackHole" && firing.length > 0)
        .map((one) => ({ ...one, firing: [] }));
      const files = writeCases(smallSite({ jobFailureMinutes: 1 }), join(folder, "short"), cases);
      expect(files).toHaveLength(1);
      expect(await promtoolFinds(promtool, "test", "rules", ...files)).toBe("");
    },
    10 * MINUTE,
  );
});
