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

  constructor(
    readonly name: string,
    binary: string,
    args: readonly string[],
    folder: string,
  ) {
    this.log = join(folder, `${name}.log`);
    const output = openSync(this.log, "w");
    this.child = spawn("setpriv", ["--pdeathsig", "KILL", binary, ...args], { stdio: ["ignore", output, output] });
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  lastWords(): string {
    return `${this.name}:\n${readFileSync(this.log, "utf8").split("\n").slice(-12).join("\n")}`;
  }

  async stop(): Promise<void> {
    if (!this.alive) {
      return;
    }
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
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
