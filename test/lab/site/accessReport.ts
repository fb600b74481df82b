/**
 * Asks the lab's API, as the user of a kubeconfig, for every verb on every resource whether he may; a process of its own
 * inside the lab's network namespace. Prints the answer as one line of JSON.
 *
 * Usage: accessReport.ts KUBECONFIG NAMESPACES_AS_JSON NAMES_AS_JSON
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { accessMatrix, type Access } from "../../support/accessMatrix";
import type { Lab } from "../lab";
import { KubeClient } from "./kubeClient";
import { tail } from "./labStack";

const repository = resolve(__dirname, "../../..");
/** Some thousand questions, one after another; a minute on a machine without other work. */
const DEADLINE_MS = 600_000;

/** What a user may do. */
export interface AccessReport {
  /** Number of questions. */
  readonly asked: number;
  readonly allowed: Access[];
}

/** An object that is asked about by its name. */
export interface NamedObject {
  readonly resource: string;
  readonly name: string;
}

/** The report of a kubeconfig's user. */
export async function accessReport(
  lab: Lab,
  kubeconfig: string,
  namespaces: readonly string[],
  names: readonly NamedObject[],
): Promise<AccessReport> {
  const program = join(repository, "test/lab/site/accessReport.ts");
  const args = [kubeconfig, JSON.stringify(namespaces), JSON.stringify(names)];
  const done = await lab.exec(process.execPath, ["--import", "tsx", program, ...args], {
    cwd: repository,
    timeoutMs: DEADLINE_MS,
  });
  if (done.code !== 0) {
    throw new Error(`the access report of ${kubeconfig} failed: ${tail(done.stderr)}`);
  }
  return JSON.parse(done.stdout) as AccessReport;
}

async function main(): Promise<void> {
  const [kubeconfig, namespaces, names] = process.argv.slice(2);
  const client = new KubeClient(readFileSync(kubeconfig, "utf8"));
  const report = await accessMatrix(client, JSON.parse(namespaces) as string[], JSON.parse(names) as NamedObject[]);
  console.log(JSON.stringify(report));
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
