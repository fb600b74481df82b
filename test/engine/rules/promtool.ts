/** Rules and cases as files, and promtool's word on them. */
import { monitored } from "../../support/componentArgs";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { ruleFiles } from "../../../components/monitoring/rules/index";
import type { Subject } from "../../../components/monitoring/rules/ruleFile";
import { subjects } from "../../../components/monitoring/rules/subjects";
import type { Site } from "../../../stacks/site/site";
import { promtoolFile } from "./promtoolFile";
import type { AlertCase, RecordCase } from "./ruleCase";

const run = promisify(execFile);

/** Subjects whose rules stand on what another one records. */
const STANDS_ON: Readonly<Record<string, readonly string[]>> = { jobs: ["batch"], "stuck-pods": ["batch"] };

/** Rule files of a site, as its Prometheus gets them; their paths. */
export function writeRules(site: Site, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(ruleFiles(monitored(site))).map(([name, file]) => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, stringify(file, { lineWidth: 0 }));
    return path;
  });
}

function has({ alerts, records }: Subject, one: AlertCase | RecordCase): boolean {
  return "alert" in one
    ? alerts.some(({ name, severity }) => name === one.alert && severity === one.severity)
    : records.some(({ record }) => record === one.record);
}

/**
 * Writes a site's rules and its cases, those of a subject into a file that names no more rules than these need: promtool
 * evaluates all of them for each minute of each case.
 * @returns paths of the test files
 */
export function writeCases(
  site: Site,
  folder: string,
  alerts: readonly AlertCase[],
  records: readonly RecordCase[] = [],
): string[] {
  writeRules(site, folder);
  return Object.entries(subjects(monitored(site))).flatMap(([name, subject]) => {
    const mine = [alerts.filter((one) => has(subject, one)), records.filter((one) => has(subject, one))] as const;
    if (mine[0].length + mine[1].length === 0) {
      return [];
    }
    const order = [...(STANDS_ON[name] ?? []), name];
    const path = join(folder, `${name}.test.yaml`);
    const rules = order.map((one) => join(folder, `${one}.yaml`));
    writeFileSync(path, promtoolFile(rules, order, ...mine));
    return [path];
  });
}

/** Runs promtool; what it found wrong, empty when nothing. */
export async function promtoolFinds(promtool: string, ...parameters: string[]): Promise<string> {
  try {
    await run(promtool, parameters, { maxBuffer: 100_000_000 });
    return "";
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}` || String(error);
  }
}
