import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../toolchain/lock";
import { currentPaths, labLock } from "./lab";
import { refuseForeignLab } from "./preflight";
import { labNamespaces, mustRun } from "./namespace";
import { endProcesses, isAlive, processesIn, records } from "./processes";
import type { LabPaths } from "./settings";

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
    const nothing = !existsSync(paths.state);
    await cleanUp(paths);
    log(nothing ? "no lab was there" : "the lab is gone");
  });
}

/** Takes away everything of a lab, whatever state it is in. */
export async function cleanUp(paths: LabPaths): Promise<void> {
  await endProcesses(() => labProcesses(paths), 0);
  unmountBelow(paths.state);
  for (const name of labNamespaces()) mustRun("ip", ["netns", "del", name]);
  removeCgroups();
  rmSync(paths.state, { recursive: true, force: true });
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
  // A name whose mount is gone is a plain file: its inode is no namespace's and must not match the host's own.
  namespaces.delete(readlinkSync("/proc/self/ns/net"));
  return [...new Set([...recorded.map((r) => r.pid), ...processesIn(namespaces)])];
}

/** Unmounts everything mounted below a folder, deepest first. */
function unmountBelow(folder: string): void {
  const points = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) =>
      line.split(" ")[4]?.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    )
    .filter((point): point is string => point?.startsWith(`${folder}/`) ?? false);
  for (const point of points.reverse()) mustRun("umount", ["--lazy", point]);
}

/** Removes the `lab` branch of every cgroup hierarchy, leaves first. */
function removeCgroups(): void {
  const roots = ["/sys/fs/cgroup", ...safeList("/sys/fs/cgroup").map((name) => join("/sys/fs/cgroup", name))];
  for (const root of roots) if (existsSync(join(root, "lab/cgroup.procs"))) removeBranch(join(root, "lab"));
}

function removeBranch(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeBranch(join(folder, entry.name));
  rmdirSync(folder);
}

function safeList(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
