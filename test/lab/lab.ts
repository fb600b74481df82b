import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheDir } from "../toolchain/cache";
import { execInNamespace, type ExecOptions, type ExecResult } from "./namespace";
import { PATIENCE_MS } from "./patience";
import type { QuotaPlan } from "./quotas";
import { isRunning, readState } from "./state";
import { cloudEnvironment, lab, labPaths, type ComputeDriver, type LabPaths } from "./settings";
import { serviceEnvironment } from "./services";

export { labDown } from "./down";
export { labUp } from "./up";

/** A running lab. */
export interface Lab {
  /** Network namespace that holds all of it. */
  namespace: string;
  stateDir: string;
  /** What the compute driver makes of an instance. */
  driver: ComputeDriver;
  /** `OS_*` of the ordinary user `site-admin` in project `atlas`. */
  cloudEnvironment: Record<string, string>;
  /** `OS_*` of the cloud's administrator. */
  adminEnvironment: Record<string, string>;
  /** Runs a command to its end inside the namespace; a bad exit is in `code`, never thrown. */
  exec(command: string, args: string[], options?: ExecOptions): Promise<ExecResult>;
  /** File with the console output of a machine by its host name; it may not exist yet. */
  consoleLog(machine: string): string;
}

/** Paths of the lab of this cache and checkout. */
export function currentPaths(): LabPaths {
  return labPaths(cacheDir(), resolve(__dirname));
}

/** Lock file that `up` and `down` hold: it lies beside the state folder, which `down` removes. */
export function labLock(paths: LabPaths): string {
  return `${paths.state}.lock`;
}

/**
 * The running lab.
 *
 * @throws when none runs, or one of its daemons has ended
 */
export function openLab(): Lab {
  const paths = currentPaths();
  const state = readState(paths);
  const running = isRunning(paths);
  if (!state || running !== true)
    throw new Error(
      `no lab runs in ${paths.state}${running === true ? "" : ` (${running})`}; start one with: npm run lab -- up`,
    );
  return {
    namespace: lab.namespace,
    stateDir: paths.state,
    driver: state.driver,
    cloudEnvironment: cloudEnvironment(lab.user, lab.project),
    adminEnvironment: cloudEnvironment("admin", "admin"),
    exec: execInNamespace,
    consoleLog: (machine) => join(paths.consoles, `${machine}.log`),
  };
}

/**
 * Every resource of the program's project in every OpenStack API, by kind; default security groups excepted. All lists
 * empty means that nothing was left behind.
 *
 * @returns kind → `name (id)`, sorted
 * @throws when an API does not answer
 */
export async function inventory(running: Lab): Promise<Record<string, string[]>> {
  const paths = currentPaths();
  const done = await running.exec("/usr/bin/python3", ["-m", "atlas_lab.inventory"], {
    env: { ...serviceEnvironment(paths), ...running.cloudEnvironment },
    timeoutMs: PATIENCE_MS,
  });
  if (done.code !== 0) throw new Error(`lab inventory: exit ${done.code}\n${done.stderr.trim()}`);
  return JSON.parse(done.stdout) as Record<string, string[]>;
}

/**
 * Grants the program's project the quotas that a stack file declares, over OpenStack's defaults.
 *
 * @throws when an API refuses them
 */
export async function grantQuotas(running: Lab, quotas: QuotaPlan): Promise<void> {
  const done = await running.exec("/usr/bin/python3", ["-m", "atlas_lab.quotas"], {
    env: { ...serviceEnvironment(currentPaths()), ...running.adminEnvironment },
    input: JSON.stringify({ project: lab.project, quotas }),
    timeoutMs: PATIENCE_MS,
  });
  if (done.code !== 0) throw new Error(`lab quotas: exit ${done.code}\n${done.stderr.trim()}`);
}

/** Makes the folders of a new lab. */
export function makeFolders(paths: LabPaths): void {
  const folders = [paths.config, paths.logs, paths.run, paths.mysql, paths.rabbitmq, paths.machines, paths.consoles];
  const lib = ["keystone/fernet", "keystone/credential", "glance/images", "glance/staging", "glance/tasks"];
  const more = ["nova/instances", "neutron", "octavia", "magnum/certificates", "lock"];
  for (const folder of [...folders, ...[...lib, ...more].map((f) => join(paths.lib, f))])
    mkdirSync(folder, { recursive: true });
}

/** Writes the configuration files. */
export function writeConfig(paths: LabPaths, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(paths.config, name), text);
}
