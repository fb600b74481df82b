import { spawn, type ChildProcess } from "node:child_process";

/** What a finished Go command used and printed. */
export interface GoResult {
  /** Exit code, or the name of the signal that ended it. */
  status: number | string;
  /** Processor seconds of the command and all it started, user and system together. */
  cpuSeconds: number;
  /** Lines of standard error. */
  lines: string[];
}

/** Where and how a Go command runs. */
export interface GoCommand {
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Gets each line of standard error as it is printed. */
  onLine?: (line: string) => void;
}

/**
 * The shell knows the processor time of what it has waited for, Node does not. `nice`, because tests and the lab's
 * services run beside a build, and have deadlines.
 */
const TIMED = `nice -n 10 "$@" & child=$!; trap 'kill "$child"' INT TERM; wait "$child"; status=$?; times; exit "$status"`;

const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGTERM")));

/** Runs `go` to its end. It is ended, too, when this process exits. */
export async function runGo({ args, cwd, env, onLine }: GoCommand): Promise<GoResult> {
  const child = spawn("sh", ["-c", TIMED, "sh", "go", ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const lines: string[] = [];
  let [rest, times] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (times += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    for (const line of parts) {
      lines.push(line);
      onLine?.(line);
    }
  });
  const status = await new Promise<number | string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  }).finally(() => running.delete(child));
  return { status, cpuSeconds: childrenSeconds(times), lines: rest === "" ? lines : [...lines, rest] };
}

/**
 * Reads the last line of what the shell's `times` prints, e.g. `1m2.340000s 0m4.500000s`: user and system time of the
 * shell's children.
 *
 * @returns 0 when there is no such line
 */
export function childrenSeconds(times: string): number {
  const parts = [...(times.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
