import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Lab } from "../lab";
import { exec } from "../namespace";

/** Folder of a machine in the lab, by its host name: its disk, seen from outside. */
export function machineFolder(lab: Lab, name: string): string {
  const machines = join(lab.stateDir, "machines");
  const found = readdirSync(machines).find((uuid) => {
    const spec = JSON.parse(readFileSync(join(machines, uuid, "spec.json"), "utf8")) as { name: string };
    return spec.name === name;
  });
  if (found === undefined) {
    throw new Error(`no machine "${name}" in ${machines}`);
  }
  return join(machines, found);
}

/** Name of a machine's network namespace, as atlas_lab/machine.py makes it. */
export function machineNetwork(lab: Lab, name: string): string {
  return `${lab.namespace}-${basename(machineFolder(lab, name)).slice(0, 8)}`;
}

/** Which of these texts stand anywhere in the files of a machine's etcd, as they lie on its disk. */
export function etcdContains(lab: Lab, machine: string, texts: readonly string[]): Record<string, boolean> {
  const files = filesBelow(join(machineFolder(lab, machine), "etcd")).map((path) => readFileSync(path));
  return Object.fromEntries(texts.map((text) => [text, files.some((file) => file.includes(text))]));
}

/** Path of a file a machine has written, seen from outside: below the writable layer of its disk. */
export function machineFile(lab: Lab, machine: string, path: string): string {
  return join(machineFolder(lab, machine), "upper", path);
}

/** What a user deleted on this control plane, by its audit log: request URIs. */
export function deletesBy(lab: Lab, machine: string, username: string): string[] {
  const log = readFileSync(machineFile(lab, machine, "/var/log/kubernetes/audit.log"), "utf8");
  return log
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as { verb: string; user: { username: string }; requestURI: string })
    .filter((event) => event.user.username === username && event.verb.startsWith("delete"))
    .map((event) => event.requestURI);
}

/** When the last of the running machines was powered on, in milliseconds since the epoch. */
export function lastPowerOn(lab: Lab): number {
  const machines = join(lab.stateDir, "machines");
  const times = readdirSync(machines).map((uuid) => statSync(join(machines, uuid, "pid.json")).mtimeMs);
  if (times.length === 0) {
    throw new Error(`no machine is there in ${machines}`);
  }
  return Math.max(...times);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/**
 * Runs a command inside a running machine, as root there.
 * @throws Error with the command's words when it fails
 */
export async function inMachine(lab: Lab, machine: string, command: string, ...args: string[]): Promise<string> {
  const record = JSON.parse(readFileSync(join(machineFolder(lab, machine), "pid.json"), "utf8")) as { pid: number };
  const init = readFileSync(`/proc/${record.pid}/task/${record.pid}/children`, "utf8").trim().split(" ").at(-1) ?? "";
  const done = await exec("nsenter", ["-t", init, "-m", "-u", "-i", "-n", "-p", "--", command, ...args]);
  if (done.code !== 0) {
    throw new Error(`${command} ${args.join(" ")} in ${machine}: exit ${done.code}\n${done.stdout}${done.stderr}`);
  }
  return done.stdout;
}
