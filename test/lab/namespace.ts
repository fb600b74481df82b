import { existsSync, readdirSync } from "node:fs";
import { spawn, spawnSync } from "node:child_process";
import { lab, logArchive } from "./settings";

/** Result of a command that ran to its end. */
export interface ExecResult {
  /** Exit code; 128 + signal number when a signal ended it, 124 when its time was up. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface ExecOptions {
  /** Added to the caller's environment. */
  env?: Record<string, string>;
  cwd?: string;
  input?: string;
  /** The command and its children are killed then. Default: no limit. */
  timeoutMs?: number;
  /** Called with each finished line of both streams. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

/** File that names the lab's network namespace, as `nsenter --net=` wants it. */
export const namespaceFile = `/run/netns/${lab.namespace}`;

/** The lab's own, and those of its machines: the first 8 digits of the instance's id. */
const ownNamespace = new RegExp(`^${lab.namespace}(-[0-9a-f]{8})?$`);

/** Network namespaces of the lab and of its machines, by file name in /run/netns. */
export function labNamespaces(): string[] {
  if (!existsSync("/run/netns")) return [];
  return readdirSync("/run/netns").filter((name) => ownNamespace.test(name));
}

/**
 * Makes the namespace with its loopback and the machines' bridge; safe to repeat. Forwarding is on so that floating
 * addresses reach the machines. The log archive's interface is a bridge without ports, as not every kernel has another
 * that needs no partner. There is no interface to the outside, so nothing can leak.
 */
export function createNamespace(): void {
  if (!existsSync(namespaceFile)) mustRun("ip", ["netns", "add", lab.namespace]);
  const inside = `
    set -e
    ip link set lo up
    ip link show ${lab.bridge} >/dev/null 2>&1 || ip link add ${lab.bridge} type bridge forward_delay 0
    # Else the bridge takes the lowest address of its ports and the machines' ARP caches go stale.
    ip link set ${lab.bridge} address 02:00:00:00:00:01
    ip link set ${lab.bridge} up
    # Packets between two ports pass this namespace's netfilter, where security groups are enforced.
    modprobe br_netfilter 2>/dev/null || true
    [ -e /proc/sys/net/bridge ] || { echo "the kernel has no br_netfilter, which the lab's security groups need" >&2; exit 1; }
    echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables
    echo 1 > /proc/sys/net/ipv4/ip_forward
    echo 1 > /proc/sys/net/ipv4/ip_nonlocal_bind
    ip link show ${logArchive.interface} >/dev/null 2>&1 || ip link add ${logArchive.interface} type bridge
    ip address replace ${logArchive.address}/32 dev ${logArchive.interface}
    ip link set ${logArchive.interface} up
    for f in all default ${lab.bridge}; do echo 0 > /proc/sys/net/ipv4/conf/$f/rp_filter; done
  `;
  mustRun("nsenter", [`--net=${namespaceFile}`, "--", "sh", "-c", inside]);
}

/** Runs a command to its end inside the lab's namespace. Never throws for a bad exit: the caller judges `code`. */
export function execInNamespace(command: string, args: string[], options: ExecOptions = {}): Promise<ExecResult> {
  return exec("nsenter", [`--net=${namespaceFile}`, "--", command, ...args], options);
}

/** Runs a command to its end outside any namespace of the lab. */
export function exec(command: string, args: string[], options: ExecOptions = {}): Promise<ExecResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      // A group of its own, so that the time limit ends grandchildren too.
      detached: options.timeoutMs !== undefined,
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const out = { stdout: "", stderr: "" };
    const rest = { stdout: "", stderr: "" };
    let late = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            if (child.pid) process.kill(-child.pid, "SIGKILL");
          }, options.timeoutMs);
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream]?.setEncoding("utf8").on("data", (chunk: string) => {
        out[stream] += chunk;
        if (!options.onLine) return;
        const lines = (rest[stream] + chunk).split("\n");
        rest[stream] = lines.pop() ?? "";
        for (const line of lines) options.onLine(line, stream);
      });
    }
    // A command that ends without reading its input is not an error of ours.
    child.stdin?.on("error", () => undefined).end(options.input);
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ code: 127, stdout: out.stdout, stderr: `${command}: ${error.message}` });
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      for (const stream of ["stdout", "stderr"] as const)
        if (rest[stream] && options.onLine) options.onLine(rest[stream], stream);
      if (late) out.stderr += `\n${command}: ended after ${options.timeoutMs} ms`;
      resolve({ code: late ? 124 : (code ?? 128 + signalNumber(signal)), ...out });
    });
  });
}

/**
 * As `mustRun`, inside the namespace although it needs no network: when the lab's starter is killed meanwhile, the next
 * clean-up finds the orphan there and ends it before it removes the files the orphan writes.
 */
export function runInNamespace(command: string, args: string[]): string {
  return mustRun("nsenter", [`--net=${namespaceFile}`, "--", command, ...args]);
}

/** @throws with the command's own words when it fails */
export function mustRun(command: string, args: string[], env?: Record<string, string>): string {
  const done = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, ...env }, maxBuffer: 64 << 20 });
  if (done.error) throw new Error(`${command}: ${done.error.message}`);
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")}: exit ${done.status ?? done.signal}\n${done.stderr || done.stdout}`);
  return done.stdout;
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === "SIGKILL" ? 9 : signal === "SIGTERM" ? 15 : signal === "SIGINT" ? 2 : 1;
}
