import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { currentPaths, inventory, openLab } from "../lab";
import { isAlive, readRecord, records } from "../processes";
import { daemons } from "../services";
import type { ComputeDriver, LabPaths } from "../settings";
import { isRunning, readState } from "../state";

/**
 * Prints what runs.
 *
 * @returns whether the lab is up with all its services
 */
export async function status(): Promise<boolean> {
  const paths = currentPaths();
  const state = readState(paths);
  const running = isRunning(paths);
  if (!state) {
    console.log(`no lab (its place would be ${paths.state}); start one with: npm run lab -- up`);
    return false;
  }
  console.log(`lab in ${paths.state}, driver ${state.driver}, started ${state.startedAt}`);
  console.log(running === true ? "up: all services live" : `NOT up: ${running}; fix it with: npm run lab -- up`);
  printServices(paths, state.driver);
  printMachines(paths);
  if (running !== true) return false;
  console.log("\nin the program's project:");
  const found = Object.entries(await inventory(openLab())).filter(([, names]) => names.length > 0);
  for (const [kind, names] of found) console.log(`  ${kind}: ${names.join(", ")}`);
  if (found.length === 0) console.log("  nothing");
  console.log(
    "\nSecurity groups are kept by Neutron but enforced by nobody here: in the lab every port can reach every port.",
  );
  return true;
}

function printServices(paths: LabPaths, driver: ComputeDriver): void {
  const known = records(paths.run);
  console.log("\nservices:");
  for (const { name } of daemons(paths, driver)) {
    const record = known[name];
    const alive = record !== undefined && isAlive(record);
    console.log(`  ${name.padEnd(18)} ${alive ? `pid ${record.pid}, ${memoryMb(record.pid)} MB` : "ended"}`);
  }
}

function printMachines(paths: LabPaths): void {
  const uuids = existsSync(paths.machines) ? readdirSync(paths.machines) : [];
  if (uuids.length > 0) console.log("\nmachines:");
  for (const uuid of uuids) {
    const folder = join(paths.machines, uuid);
    const record = readRecord(join(folder, "pid.json"));
    const spec = readSpec(join(folder, "spec.json"));
    const power = record && isAlive(record) ? "on" : "off";
    const console_ = join(paths.consoles, `${spec.name}.log`);
    console.log(`  ${spec.name.padEnd(18)} ${power.padEnd(4)} ${spec.addresses.join(" ")}  console ${console_}`);
  }
}

function readSpec(file: string): { name: string; addresses: string[] } {
  try {
    const spec = JSON.parse(readFileSync(file, "utf8")) as { name: string; ports: { addresses: string[] }[] };
    return { name: spec.name, addresses: spec.ports.flatMap((port) => port.addresses) };
  } catch {
    return { name: "(being made)", addresses: [] };
  }
}

/** Resident memory of one process; uWSGI's second process is not in it. */
function memoryMb(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return Math.round(Number(line?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
