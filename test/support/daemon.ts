/** Programs that a test runs beside itself, and ports for them. */
import { spawn, type ChildProcess } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

const STOP_MS = 10_000;

/** A process that ends with its test, whatever way that ends. */
export class Daemon {
  private readonly child: ChildProcess;
  private readonly log: string;

  /**
   * @param folder where its output goes, as `<name>.log`
   * @param env variables beside those of the test
   */
  constructor(
    readonly name: string,
    binary: string,
    args: readonly string[],
    folder: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.log = join(folder, `${name}.log`);
    const output = openSync(this.log, "a");
    this.child = spawn("setpriv", ["--pdeathsig", "KILL", binary, ...args], {
      stdio: ["ignore", output, output],
      env: { ...process.env, ...env },
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  lastWords(): string {
    return `${this.name}:\n${readFileSync(this.log, "utf8").split("\n").slice(-12).join("\n")}`;
  }

  /** Ends it as a node that loses power would. */
  kill(): Promise<void> {
    return this.stop("SIGKILL");
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (!this.alive) {
      return;
    }
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    const hurry = setTimeout(() => this.child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(hurry);
  }
}

/** Ports of loopback that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
