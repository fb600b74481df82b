/** The CVMFS probe is a Python program: no compiler compares the metrics it serves with those that rules and pages name. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ruleFiles } from "../../../components/monitoring/rules/index";
import { smallSite } from "../../engine/rules/ruleSites";
import { monitored } from "../../support/componentArgs";
import { ROOT } from "../../support/sites";

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");
const textsOf = (folder: string) => readdirSync(join(ROOT, folder)).map((file) => read(folder, file));

const program = read("components/cvmfs/probe/cvmfs_probe.py");
const served = [...program.matchAll(/family\('(\w+)'/g)].map(([, name]) => `atlas_site_cvmfs_${name}`);

test("rules, dashboards and runbooks ask the CVMFS probe for no metric that it does not serve", () => {
  const texts = [
    JSON.stringify(ruleFiles(monitored(smallSite()))),
    ...textsOf("components/monitoring/dashboards/json"),
    ...textsOf("docs/runbooks"),
  ];
  const asked = new Set(texts.flatMap((text) => text.match(/atlas_site_cvmfs_\w+/g) ?? []));
  expect(asked.size).toBeGreaterThan(3);
  expect([...asked].filter((name) => !served.includes(name))).toEqual([]);
});
