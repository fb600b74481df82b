import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../toolchain/lock";
import { currentPaths, labLock } from "./lab";
import { labNamespaces, mustRun } from "./namespace";
import { refuseForeignLab } from "./preflight";
import { endProcesses, isAlive, processesIn, records } from "./processes";
import type { LabPaths } from "./settings";

/** How long the kernel may take to let go of the control groups of processes that are dead. */
const cgroupDeadlineMs = 120_000;

/**
 * Ends the lab: no process, mount, namespace, cgroup, interface or file stays, apart from the cache's reusable parts.
 * Safe to repeat, and after a kill -9 of anything at any moment.
 *
 * @throws naming what would not go
 */
export async function labDown(log: (line: string) => void): Promise<void> {
  const paths = currentPaths();
  await withLock(labLock(paths), "or ending the lab", log, async () => {
    refuseForeignLab(paths);
    const nothing = leftovers(paths).length === 0;
    await cleanUp(paths);
    const left = leftovers(paths);
    if (left.length > 0) throw new Error(["the lab is not wholly gone:", ...left.map((l) => `  - ${l}`)].join("\n"));
    log(nothing ? "no lab was there" : "the lab is gone");
  });
}

/** Takes away everything of a lab, whatever state it is in. */
export async function cleanUp(paths: LabPaths): Promise<void> {
  await endProcesses(() => labProcesses(paths), 0);
  for (const point of mountsBelow(paths.state).reverse()) mustRun("umount", ["--lazy", point]);
  // With its last name a namespace goes, and with it the bridge and every cable of its machines.
  for (const name of labNamespaces()) mustRun("ip", ["netns", "del", name]);
  for (const branch of labCgroups()) await removeBranch(branch);
  // Last: its record is what tells whose the namespace is.
  rmSync(paths.state, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** What there is of a lab on this machine, in words; empty after `down`. */
export function leftovers(paths: LabPaths): string[] {
  return [
    ...labProcesses(paths).map((pid) => `process ${pid}`),
    ...mountsBelow(paths.state).map((point) => `mount ${point}`),
    ...labNamespaces().map((name) => `network namespace ${name}`),
    ...labCgroups().map((folder) => `control group ${folder}`),
    ...(existsSync(paths.state) ? [`folder ${paths.state}`] : []),
  ];
}

/** Pids of the recorded daemons and of everything inside the lab's namespaces. */
function labProcesses(paths: LabPaths): number[] {
  const recorded = Object.values(records(paths.run)).filter(isAlive);
  const namespaces = new Set<string>();
  for (const name of labNamespaces()) {
    try {
      namespaces.add(`net:[${statSync(`/run/netns/${name}`).ino}]`);
    } catch {
      // Removed meanwhile.
    }
  }
  // The name of a namespace that was never mounted is a plain file; its number must not match the host's own.
  namespaces.delete(readlinkSync("/proc/self/ns/net"));
  return [...new Set([...recorded.map((r) => r.pid), ...processesIn(namespaces)])];
}

/** Mount points below a folder, in the order they were made. */
function mountsBelow(folder: string): string[] {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => unescapeMount(line.split(" ")[4] ?? ""))
    .filter((point) => point.startsWith(`${folder}/`));
}

/** The kernel writes blanks and the like in a mount point as \040. */
function unescapeMount(point: string): string {
  return point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** The lab's branch in every cgroup hierarchy there is (atlas_lab/cgroups.py makes them). */
function labCgroups(): string[] {
  const root = "/sys/fs/cgroup";
  const hierarchies = [root, ...listFolder(root).map((name) => join(root, name))];
  const branches = hierarchies.map((h) => join(h, "lab")).filter((branch) => existsSync(join(branch, "cgroup.procs")));
  // cpu and cpuacct may be two names of one hierarchy.
  return [...new Map(branches.map((branch) => [`${statSync(branch).dev}:${statSync(branch).ino}`, branch])).values()];
}

/** Removes a cgroup branch, leaves first; the kernel needs a moment after its last process died. */
async function removeBranch(branch: string): Promise<void> {
  const end = Date.now() + cgroupDeadlineMs;
  for (;;) {
    try {
      return removeNow(branch);
    } catch (error) {
      if (Date.now() > end) throw new Error(`lab: control group ${branch} cannot be removed: ${String(error)}`);
      await sleep(50);
    }
  }
}

function removeNow(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeNow(join(folder, entry.name));
  rmdirSync(folder);
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
