import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "./databases";
import { execInNamespace } from "./namespace";
import { isAlive, readRecord, type ProcessRecord } from "./processes";
import { catalog, url, type LabPaths, type ServiceName } from "./settings";

/** Longest wait for any one service to answer; a start took two minutes where twenty other programs wanted the processors. */
const readyDeadlineMs = 600_000;

/**
 * Waits until the APIs answer and Nova's daemons have reported in since this start.
 *
 * @param except services not waited for: a request to one that is still loading waits in its socket's queue
 */
export async function servicesAnswer(
  paths: LabPaths,
  startedAt: Date,
  except: readonly ServiceName[] = [],
): Promise<void> {
  const all = [{ service: "keystone" as const, probe: url("keystone", "/v3") }, ...catalog];
  const apis = all
    .filter(({ service }) => !except.includes(service))
    .map(({ service, probe }) => {
      const daemon = service === "nova" ? "nova-api" : service;
      return until(paths, daemon, `${service} to answer at ${probe}`, () => answers(probe));
    });
  const since = startedAt.toISOString().slice(0, 19).replace("T", " ");
  const reported = ["conductor", "scheduler", "compute"].map((name) =>
    until(paths, `nova-${name}`, `nova-${name} to report in`, async () => {
      const query = `select count(*) from nova_cell1.services where \`binary\`='nova-${name}' and last_seen_up >= '${since}' and not deleted;`;
      return (await sql(paths, query)).trim() === "1";
    }),
  );
  await Promise.all([...apis, ...reported]);
}

/** Whether an API answers a GET with anything but a fault of its own. */
export async function answers(address: string): Promise<boolean> {
  const args = ["-s", "-o", "/dev/null", "--max-time", "60", "-w", "%{http_code}", address];
  const done = await execInNamespace("curl", args);
  return done.code === 0 && /^[234]/.test(done.stdout);
}

/**
 * Polls until a condition holds.
 *
 * @throws at once when the daemon ends, else at the deadline; both name the log
 */
export async function until(
  paths: LabPaths,
  daemon: string,
  what: string,
  check: () => Promise<boolean>,
): Promise<void> {
  const begun = Date.now();
  let problem = "";
  while (Date.now() - begun < readyDeadlineMs) {
    try {
      if (await check()) return;
    } catch (error) {
      problem = String(error);
    }
    if (!isAlive(mustRecord(paths, daemon)))
      throw new Error(`lab: ${daemon} ended; its output: ${paths.logs}/${daemon}.out`);
    await sleep(200);
  }
  throw new Error(
    `lab: waited ${readyDeadlineMs / 1000} s for ${what}; logs: ${paths.logs}${problem && `; last: ${problem}`}`,
  );
}

export function mustRecord(paths: LabPaths, daemon: string): ProcessRecord {
  const record = readRecord(join(paths.run, `${daemon}.json`));
  if (!record) throw new Error(`lab: no process record of ${daemon} in ${paths.run}`);
  return record;
}
