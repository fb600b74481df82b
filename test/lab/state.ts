import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { namespaceFile } from "./namespace";
import { isAlive, records } from "./processes";
import { daemons } from "./services";
import type { ComputeDriver, LabPaths } from "./settings";

/** What a lab says of itself in `<state>/lab.json`; written before anything outside the state folder is made. */
export interface LabState {
  /** `starting` until every service answered: a lab killed meanwhile is never taken for a running one. */
  phase: "starting" | "running";
  driver: ComputeDriver;
  /** ISO 8601. */
  startedAt: string;
}

export function readState(paths: LabPaths): LabState | undefined {
  try {
    return JSON.parse(readFileSync(join(paths.state, "lab.json"), "utf8")) as LabState;
  } catch {
    return undefined;
  }
}

export function writeState(paths: LabPaths, state: LabState): void {
  const file = join(paths.state, "lab.json");
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}

/** Names of daemons that do not live; none where there is no lab. */
export function deadDaemons(paths: LabPaths): string[] {
  const known = records(paths.run);
  const driver = readState(paths)?.driver;
  if (driver === undefined) return [];
  return daemons(paths, driver)
    .map((d) => d.name)
    .filter((name) => !known[name] || !isAlive(known[name]));
}

/** True when the lab is up and each daemon lives; else what is wrong. */
export function isRunning(paths: LabPaths): true | string {
  const state = readState(paths);
  if (!state) return "there is none";
  if (state.phase !== "running") return "its start did not finish";
  const dead = deadDaemons(paths);
  return dead.length === 0 || `ended: ${dead.join(", ")}`;
}

/**
 * Whether a lab that was up only wants some daemons started again: the namespace is there and so is the database, which
 * holds what all others know.
 */
export function canFix(paths: LabPaths): boolean {
  const dead = deadDaemons(paths);
  return readState(paths)?.phase === "running" && existsSync(namespaceFile) && !dead.includes("mariadb");
}
