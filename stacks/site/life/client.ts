/** The programs by which an operation looks and acts: kubectl, openstack and pulumi, as an administrator has them. */
import { execFile, type ExecFileException } from "node:child_process";

/** Runs a program. */
export interface RunOptions {
  /** What it reads. */
  readonly input?: string;
  /** Seconds until it is ended; default 120. */
  readonly seconds?: number;
  /** What of its errors is no error. */
  readonly forgive?: RegExp;
}

/** What a program failed with. */
export class ProgramError extends Error {
  constructor(
    readonly program: string,
    readonly words: string,
  ) {
    super(`${program} failed: ${words.trim()}`);
    this.name = "ProgramError";
  }
}

const SECONDS = 120;

/**
 * Runs a program to its end.
 * @returns what it printed; "" when its error is forgiven
 * @throws ProgramError with its own words, also when it is not installed or takes too long
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { input, seconds = SECONDS, forgive } = options;
  return new Promise((resolve, reject) => {
    const limits = { encoding: "utf8", maxBuffer: 512 << 20, timeout: seconds * 1000 } as const;
    const child = execFile(program, [...args], limits, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else if (forgive?.test(stderr) === true) {
        resolve("");
      } else {
        reject(new ProgramError(`${program} ${args[0] ?? ""}`, reason(program, error, stderr + stdout, seconds)));
      }
    });
    // A program that ends without reading closes the pipe; its exit code says what that means.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}

function reason(program: string, error: ExecFileException, said: string, seconds: number): string {
  if (error.code === "ENOENT") {
    return `there is no program ${program}; install it and have it in PATH`;
  }
  return error.killed === true ? `it was ended after ${seconds} s; it said: ${said}` : said;
}

/** kubectl with one kubeconfig. */
export class Kubectl {
  /**
   * @param kubeconfig path of an administrator's kubeconfig
   * @param program the client to run; default `kubectl`, as the PATH has it
   */
  constructor(
    private readonly kubeconfig: string,
    private readonly program = "kubectl",
  ) {}

  /** Runs kubectl. @throws ProgramError with its words */
  run(args: readonly string[], options: RunOptions = {}): Promise<string> {
    return run(this.program, ["--kubeconfig", this.kubeconfig, "--request-timeout=60s", ...args], options);
  }

  /** One object; undefined: there is none. */
  async object<T>(...which: string[]): Promise<T | undefined> {
    const text = await this.run(["get", ...which, "--ignore-not-found", "-o", "json"]);
    return text.trim() === "" ? undefined : (JSON.parse(text) as T);
  }

  /** Objects of a kind. */
  async list<T>(...which: string[]): Promise<T[]> {
    return (JSON.parse(await this.run(["get", ...which, "-o", "json"])) as { items: T[] }).items;
  }
}
