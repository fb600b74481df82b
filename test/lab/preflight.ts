import { existsSync, mkdirSync, readFileSync, statfsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { labNamespaces } from "./namespace";
import { commands } from "./packages";
import { lab, type ComputeDriver, type LabPaths } from "./settings";
import { readState } from "./state";

/** What the preflight judges; gathered by `gatherFacts`, made up by its tests. */
export interface HostFacts {
  uid: number;
  /** `ID` and `VERSION_ID` of /etc/os-release. */
  os: { id: string; version: string };
  /** MiB that programs could still take without swapping. */
  availableMemoryMb: number;
  /** MiB free where the cache is. */
  freeDiskMb: number;
  cache: string;
  state: string;
  tree: string;
  /** Network namespaces with the lab's names. */
  namespaces: readonly string[];
  /** Whether this cache holds the record of the lab that made them. */
  ownLab: boolean;
  /** Commands of the lab that are not on the path although their packages are installed. */
  missingCommands: readonly string[];
  /** File systems the kernel knows. */
  fileSystems: readonly string[];
}

/** Least memory and disk by what the lab is to hold: machines with a cluster on them, or the cloud's services alone. */
const needed: Record<ComputeDriver, { memoryMb: number; diskMb: number }> = {
  nspawn: { memoryMb: 8192, diskMb: 15360 },
  fake: { memoryMb: 4096, diskMb: 5120 },
};

/** Longest path of a Unix socket, by the kernel. */
const longestSocketPath = 107;

/**
 * Why this machine cannot hold a lab: one message a reason, all at once; none when it can.
 */
export function preflightProblems(facts: HostFacts, driver: ComputeDriver): string[] {
  const problems: string[] = [];
  const need = needed[driver];
  if (facts.uid !== 0)
    problems.push(`user id ${facts.uid}: the lab makes network namespaces, mounts and machines; run it as root`);
  if (facts.os.id !== "debian" || facts.os.version !== "12")
    problems.push(
      `system ${facts.os.id || "unknown"} ${facts.os.version}: the lab's OpenStack is that of Debian 12; use a machine or container with it`,
    );
  if (facts.availableMemoryMb < need.memoryMb)
    problems.push(
      `memory: ${facts.availableMemoryMb} MiB available, ${need.memoryMb} needed` +
        (driver === "nspawn" ? "; end something, or ATLAS_LAB_DRIVER=fake for the cloud without machines" : ""),
    );
  if (facts.freeDiskMb < need.diskMb)
    problems.push(
      `disk: ${facts.freeDiskMb} MiB free at ${facts.cache}, ${need.diskMb} needed; free some, or set ATLAS_SITE_CACHE to a folder on a larger disk`,
    );
  for (const [what, path, fix] of [
    ["cache folder", facts.cache, "set ATLAS_SITE_CACHE to another folder"],
    ["checkout", facts.tree, "clone into another folder"],
  ])
    if (!/^[\w./+@-]+$/.test(path))
      problems.push(`${what} ${path}: mount options and service files cannot hold its special characters; ${fix}`);
  const socket = join(facts.state, "run/sql");
  if (Buffer.byteLength(socket) > longestSocketPath)
    problems.push(
      `cache folder ${facts.cache}: the path of the database's socket would be ${Buffer.byteLength(socket)} bytes, ${longestSocketPath} are allowed; set ATLAS_SITE_CACHE to a shorter path`,
    );
  if (facts.namespaces.length > 0 && !facts.ownLab)
    problems.push(
      `network namespace ${facts.namespaces.join(", ")} exists, and not by a lab of ${facts.state}: another checkout's or cache's lab? end it there, or remove the namespace with: ip netns del ${facts.namespaces[0]}`,
    );
  if (facts.missingCommands.length > 0) problems.push(commandsNotFound(facts.missingCommands));
  if (!facts.fileSystems.includes("overlay") && driver === "nspawn")
    problems.push("the kernel has no overlay file system, on which the machines stand; try: modprobe overlay");
  return problems;
}

function commandsNotFound(names: readonly string[]): string {
  return `commands not found: ${names.join(", ")}, although their Debian packages are installed; repair those (apt-get install --reinstall) or the PATH`;
}

/** Looks at this machine; changes nothing but making the cache folder. */
export function gatherFacts(paths: LabPaths): HostFacts {
  const cache = dirname(paths.state);
  mkdirSync(cache, { recursive: true });
  const disk = statfsSync(cache);
  const release = readFileOr("/etc/os-release");
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)`, "m").exec(release)?.[1] ?? "";
  return {
    uid: process.getuid?.() ?? -1,
    os: { id: value("ID"), version: value("VERSION_ID") },
    availableMemoryMb: Math.floor(Number(/^MemAvailable:\s+(\d+)/m.exec(readFileOr("/proc/meminfo"))?.[1] ?? 0) / 1024),
    freeDiskMb: Math.floor((disk.bavail * disk.bsize) / 1024 / 1024),
    cache,
    state: paths.state,
    tree: dirname(paths.python),
    namespaces: labNamespaces(),
    ownLab: readState(paths) !== undefined,
    missingCommands: commands.filter((name) => !onPath(name)),
    fileSystems: readFileOr("/proc/filesystems")
      .split("\n")
      .map((line) => line.split("\t").pop() ?? ""),
  };
}

/**
 * @param installed whether the packages are in place, so that a missing command is a fault
 * @throws with all problems in one message, before anything is touched
 */
export function preflight(paths: LabPaths, driver: ComputeDriver, installed: boolean): void {
  const facts = gatherFacts(paths);
  const problems = preflightProblems(installed ? facts : { ...facts, missingCommands: [] }, driver);
  if (problems.length > 0)
    throw new Error(["this machine cannot hold the lab:", ...problems.map((p) => `  - ${p}`)].join("\n"));
}

/**
 * For after an installation. Memory and disk are not checked again: the builds that run meanwhile use some of both.
 *
 * @throws Error when commands of the lab are still missing
 */
export function requireCommands(): void {
  const absent = commands.filter((name) => !onPath(name));
  if (absent.length > 0) throw new Error(`this machine cannot hold the lab: ${commandsNotFound(absent)}`);
}

/** The services' own PATH, not the caller's: the distribution's folders. */
function onPath(command: string): boolean {
  return "/usr/sbin:/usr/bin:/sbin:/bin".split(delimiter).some((folder) => existsSync(join(folder, command)));
}

function readFileOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** @throws when the namespaces are not of a lab in this cache: `down` must not end somebody else's. */
export function refuseForeignLab(paths: LabPaths): void {
  const found = labNamespaces();
  if (found.length > 0 && readState(paths) === undefined && found.includes(lab.namespace))
    throw new Error(
      `network namespace ${lab.namespace} is not of a lab in ${paths.state}; end it from the checkout and cache that made it (ATLAS_SITE_CACHE), or remove it with: ip netns del ${lab.namespace}`,
    );
}
