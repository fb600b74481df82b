/**
 * The probe's program, run for real by the machine's Python: folders stand in for the repositories, a FIFO that nobody
 * writes to for a file whose reading hangs, and `NodeApi` for the Kubernetes API.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { KeyPair } from "../../components/cluster/pki";
import { probeFiles, type ProbeSettings } from "../../components/cvmfs/probeProgram";
import { NodeApi, type Taint } from "./nodeApi";
import { removeFolder } from "./removeFolder";

const WAIT_MS = 30_000;

/** A folder with repositories, a node behind an API, and a probe that looks at the ones and writes to the other. */
export class ProbeRun {
  /** Folder with the program's files. */
  readonly program: string;
  /** Folder with the repositories. */
  readonly base: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "probe-"));
  private running?: { probe: ChildProcess; api: NodeApi; port: number };
  private output = "";

  /**
   * Every repository is there and well; its last update was 100 seconds ago.
   * @param CA of the API
   */
  constructor(
    private readonly settings: ProbeSettings,
    private readonly ca: KeyPair,
  ) {
    this.program = join(this.folder, "program");
    this.base = join(this.folder, "cvmfs");
    for (const { name, path } of settings.repositories) {
      this.write(join(name, path ?? "etc/file"), `a day | publisher | ${Math.floor(Date.now() / 1000) - 100}\n`);
    }
    mkdirSync(this.program);
    for (const [name, text] of Object.entries(probeFiles())) writeFileSync(join(this.program, name), text);
    mkdirSync(join(this.folder, "account"));
    this.renewToken("first-token");
    writeFileSync(join(this.folder, "account", "ca.crt"), ca.certPem);
  }

  /**
   * Starts node and probe.
   * @param timeoutSeconds what a look may take; default: as the settings say
   */
  async start(taints: readonly Taint[], timeoutSeconds = this.settings.timeoutSeconds): Promise<void> {
    const api = await NodeApi.start(this.ca, "batch-0", taints);
    const port = await freePort();
    const settings = join(this.folder, "settings.json");
    writeFileSync(settings, JSON.stringify({ ...this.settings, base: this.base, port, timeoutSeconds }));
    const command = ["-B", join(this.program, "cvmfs_probe.py"), settings, join(this.folder, "account")];
    const probe = spawn("python3", command, {
      env: {
        PATH: process.env.PATH,
        NODE_NAME: "batch-0",
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: String(api.port),
      },
    });
    for (const stream of [probe.stdout, probe.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    }
    this.running = { probe, api, port };
  }

  /** Ends everything and removes the folder. */
  async end(): Promise<void> {
    this.running?.probe.kill("SIGKILL");
    await this.running?.api.close();
    removeFolder(this.folder);
  }

  /** The node's side. @throws Error before `start` */
  get api(): NodeApi {
    return this.started().api;
  }

  /** What the probe printed. */
  get said(): string {
    return this.output;
  }

  /** Tells the probe to end. @returns its exit code */
  async terminate(): Promise<unknown> {
    const { probe } = this.started();
    const ended = new Promise((resolve) => probe.once("exit", resolve));
    probe.kill("SIGTERM");
    return ended;
  }

  /** Path of a file below the repositories. */
  file(name: string): string {
    return join(this.base, name);
  }

  /** Writes a file of a repository. */
  write(name: string, text: string): void {
    mkdirSync(dirname(this.file(name)), { recursive: true });
    writeFileSync(this.file(name), text);
  }

  /** Writes the token the probe comes to the API with. */
  renewToken(token: string): void {
    writeFileSync(join(this.folder, "account", "token"), `${token}\n`);
  }

  /** From one moment to the next the path blocks whoever opens it for reading. */
  hang(name: string): void {
    linkSync(this.file(name), `${this.file(name)}.kept`);
    const made = spawnSync("mkfifo", [`${this.file(name)}.fifo`]);
    if (made.status !== 0) throw new Error(`mkfifo: ${String(made.stderr)}`);
    renameSync(`${this.file(name)}.fifo`, this.file(name));
  }

  /** The path answers again; who is blocked by it stays so. */
  release(name: string): void {
    renameSync(`${this.file(name)}.kept`, this.file(name));
  }

  /** Waits until something holds. @throws Error with taints and output at the deadline */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (!(await holds())) {
      if (Date.now() > end) {
        const seen = `taints: ${this.api.taints().join()}\nthe probe said:\n${this.output}`;
        throw new Error(`not within ${WAIT_MS / 1000} s: ${what}\n${seen}`);
      }
      await sleep(20);
    }
  }

  /** Answer of the probe's port; status 0 when there is none. */
  async ask(path: string): Promise<{ status: number; text: string }> {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.started().port}${path}`);
      return { status: answer.status, text: await answer.text() };
    } catch {
      return { status: 0, text: "" };
    }
  }

  /** A metric's value; NaN when it is not there. */
  async metric(name: string, repository?: string): Promise<number> {
    const labels = repository === undefined ? "" : `{repository="${repository}"}`;
    const { text } = await this.ask("/metrics");
    const line = text.split("\n").find((one) => one.startsWith(`atlas_site_cvmfs_${name}${labels} `));
    return line === undefined ? NaN : Number(line.split(" ").at(-1));
  }

  /** Waits for a number of rounds. */
  async roundsPass(rounds: number): Promise<void> {
    const before = (await this.metric("rounds_total")) || 0;
    await this.until(`${rounds} more rounds`, async () => (await this.metric("rounds_total")) >= before + rounds);
  }

  /** Looks at a file that are under way, by /proc, so that nothing is asked of the program under test. */
  looksAt(name: string): number {
    const lines = readdirSync("/proc").map((pid) => {
      try {
        return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "";
      } catch {
        return "";
      }
    });
    return lines.filter((line) => line.includes("look.py") && line.includes(this.file(name))).length;
  }

  private started(): { probe: ChildProcess; api: NodeApi; port: number } {
    if (this.running === undefined) throw new Error("the probe was not started");
    return this.running;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
