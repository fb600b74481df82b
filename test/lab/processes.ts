import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a killed process may take to be gone, in milliseconds: it may have a disk to wait for. */
const SURVIVAL_MS = 120_000;

/** A process that is surely the one meant: the kernel reuses pids, but not together with the start time. */
export interface ProcessRecord {
  pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks after boot at which the process began. */
  startTime: string;
}

/** Start time of a process that lives (a zombie does not), or undefined. */
export function startTimeOf(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** Fields of /proc/<pid>/stat from the third, the state, on; undefined for a zombie or no process. */
function statFields(pid: number): string[] | undefined {
  try {
    // The command name may hold spaces and brackets: count fields after the last closing bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields;
  } catch {
    return undefined;
  }
}

export function isAlive(record: ProcessRecord): boolean {
  return startTimeOf(record.pid) === record.startTime;
}

/** Reads one `<name>.json` of the run folder; undefined when it is missing or was cut short by a crash. */
export function readRecord(file: string): ProcessRecord | undefined {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as ProcessRecord;
    return Number.isInteger(value.pid) && typeof value.startTime === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

export interface Daemon {
  name: string;
  command: string[];
  environment: Record<string, string>;
  cwd: string;
  /** Lower priority for what must not slow the machines down. */
  nice?: number;
}

/**
 * Starts a process of its own session inside a network namespace; output goes to `<logs>/<name>.out`, the record to
 * `<run>/<name>.json`. `nsenter` and `nice` replace themselves, so the pid is the daemon's own and leads its group.
 *
 * @throws when the command cannot be started at all; a daemon that dies later is found by its readiness check.
 */
export function startDaemon(daemon: Daemon, namespaceFile: string, run: string, logs: string): ProcessRecord {
  mkdirSync(run, { recursive: true });
  const out = openSync(join(logs, `${daemon.name}.out`), "a");
  const child = spawn(
    "nsenter",
    [`--net=${namespaceFile}`, "--", "nice", "-n", String(daemon.nice ?? 0), ...daemon.command],
    { detached: true, stdio: ["ignore", out, out], env: daemon.environment, cwd: daemon.cwd },
  );
  closeSync(out);
  child.unref();
  const startTime = child.pid === undefined ? undefined : startTimeOf(child.pid);
  if (child.pid === undefined || startTime === undefined)
    throw new Error(`lab service ${daemon.name}: could not start ${daemon.command[0]}; see ${logs}/${daemon.name}.out`);
  const record = { pid: child.pid, startTime };
  writeFileSync(join(run, `${daemon.name}.json`), JSON.stringify(record));
  return record;
}

/** Records of the run folder by name. */
export function records(run: string): Record<string, ProcessRecord> {
  const found: Record<string, ProcessRecord> = {};
  for (const file of listFolder(run)) {
    const record = file.endsWith(".json") ? readRecord(join(run, file)) : undefined;
    if (record) found[file.slice(0, -".json".length)] = record;
  }
  return found;
}

/**
 * Pids whose network namespace is one of those named. It finds what no record tells of: children that left their
 * group, and a daemon whose starter was killed before it could write the record.
 *
 * @param namespaces links as /proc shows them, `net:[4026532287]`
 */
export function processesIn(namespaces: ReadonlySet<string>): number[] {
  const found: number[] = [];
  for (const entry of listFolder("/proc")) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (namespaces.has(readlinkSync(`/proc/${entry}/ns/net`))) found.push(Number(entry));
    } catch {
      // Gone meanwhile, or a kernel thread.
    }
  }
  return found;
}

/**
 * Ends processes: TERM, then KILL after the grace, until `find` finds none.
 *
 * @param find gives the pids that still have to go; asked again each round, so that late children are met too
 * @throws when something survives KILL (a process in uninterruptible sleep) for as long as a host full of work may take
 */
export async function endProcesses(find: () => number[], graceMs: number): Promise<void> {
  const begun = Date.now();
  let terminated = false;
  for (;;) {
    const pids = find();
    if (pids.length === 0) return;
    const waited = Date.now() - begun;
    if (waited > graceMs + SURVIVAL_MS)
      throw new Error(
        `lab: processes ${pids.join(", ")} survive SIGKILL; look at /proc/<pid>/stack for what they wait`,
      );
    if (!terminated || waited >= graceMs) for (const pid of pids) send(pid, waited >= graceMs ? "SIGKILL" : "SIGTERM");
    terminated = true;
    await sleep(50);
  }
}

/** Ends what a daemon that ended has left of its process group: a second worker would hold its port. */
export async function endGroup(run: string, name: string): Promise<void> {
  const group = readRecord(join(run, `${name}.json`))?.pid;
  if (group !== undefined)
    await endProcesses(
      () =>
        listFolder("/proc")
          .map(Number)
          .filter((pid) => pid > 0 && groupOf(pid) === group),
      0,
    );
}

/** Process group of a living process. */
function groupOf(pid: number): number | undefined {
  const fields = statFields(pid);
  return fields && Number(fields[2]);
}

/** Sends a signal; false when there is no such process any more. */
export function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
