/** A node's logs, the collector that ships them as its pod does, and an archive: all in a folder and on loopback. */
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { collectorConfiguration } from "../../components/traceability/collectorConfiguration";
import { Daemon, freePorts } from "../support/daemon";
import { LoopbackArchive, type Archived } from "./loopbackArchive";
import { removeFolder } from "../support/removeFolder";

const TOKEN = "token-of-the-test";

/** The node that it plays. */
export const NODE = "small-batch-0";

/** Uid of the pods whose logs it writes. */
export const UID = "0e5b3a52-5f0c-4d0a-9a51-1d2f3e4a5b6c";

/** How the collector is started beside its configuration. */
export const FLAGS = ["--feature-gates=stanza.synchronousLogEmitter"];

/** The stage. */
export class LogStage {
  /** The audit log that lines are added to. */
  readonly audit: string;
  readonly configuration: string;
  private shipper!: Daemon;

  private constructor(
    readonly root: string,
    private readonly binary: string,
    readonly archive: LoopbackArchive,
    private readonly ports: { readonly metrics: number; readonly health: number },
  ) {
    this.audit = join(root, "audit", "audit.log");
    this.configuration = join(root, "collector.yaml");
  }

  /** Sets it up and starts both collectors. */
  static async open(binary: string): Promise<LogStage> {
    const root = mkdtempSync(join(tmpdir(), "atlas-site-logs-"));
    const [archivePort, metrics, health] = await freePorts(3);
    const archive = new LoopbackArchive(join(root, "archive"), binary, archivePort, TOKEN);
    const stage = new LogStage(root, binary, archive, { metrics, health });
    const folders = { pods: join(root, "pods"), audit: join(root, "audit"), checkpoints: join(root, "checkpoints") };
    Object.values(folders).forEach((folder) => mkdirSync(folder));
    writeFileSync(join(root, "token"), TOKEN, { mode: 0o400 });
    writeFileSync(stage.audit, "", { mode: 0o600 });
    const configuration = collectorConfiguration({
      siteName: "small",
      archive: { endpoint: archive.url, containers: "all" },
      queueNamespaces: ["harvester"],
      folders,
      tokenFile: join(root, "token"),
      listen: { address: "127.0.0.1", metricsPort: metrics, healthPort: health },
    });
    writeFileSync(stage.configuration, configuration);
    archive.start();
    stage.startShipper();
    return stage;
  }

  /** The collector as its pod runs it: root without a single capability, who reads root's own files and no others. */
  startShipper(): void {
    const unprivileged = ["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"];
    const args = ["--config", this.configuration, ...FLAGS];
    const env = { NODE_NAME: NODE };
    this.shipper = new Daemon("shipper", "setpriv", [...unprivileged, this.binary, ...args], this.root, env);
  }

  /** Stops the shipper in order, or as a node that loses power. */
  stopShipper(how: "stop" | "kill" = "stop"): Promise<void> {
    return how === "kill" ? this.shipper.kill() : this.shipper.stop();
  }

  get shipperPid(): number {
    return this.shipper.pid;
  }

  async close(): Promise<void> {
    await this.shipper.stop();
    await this.archive.stop();
    removeFolder(this.root);
  }

  /**
   * Looks again and again until something is so.
   * @throws Error at the deadline, with what both collectors said last
   */
  async until(what: string, look: () => boolean | Promise<boolean>, seconds = 90): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await look())) {
      if (Date.now() > end) {
        throw new Error(`waited ${seconds} s for ${what}\n${this.shipper.lastWords()}\n${this.archive.lastWords()}`);
      }
      await sleep(200);
    }
  }

  /** How often the archive has each of these bodies. */
  counts(bodies: readonly string[]): number[] {
    const found = new Map<string, number>();
    this.archive.lines().forEach(({ body }) => found.set(body, (found.get(body) ?? 0) + 1));
    return bodies.map((body) => found.get(body) ?? 0);
  }

  /** Whether the archive has every one of these bodies. */
  hasAll(bodies: readonly string[]): boolean {
    return this.counts(bodies).every((count) => count > 0);
  }

  /** A body as the archive has it. */
  line(body: string): Archived {
    return this.archive.lines().find((one) => one.body === body)!;
  }

  /** Adds to a container's log, which is readable as containerd leaves it; its path. */
  podLog(pod: string, container: string, text: string): string {
    const folder = join(this.root, "pods", pod, container);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "0.log");
    appendFileSync(file, text);
    chmodSync(file, 0o640);
    return file;
  }

  /** Sum of a metric's series of the shipper; 0 where there is none, also while nobody answers. */
  async metric(name: string): Promise<number> {
    const text = await fetch(`http://127.0.0.1:${this.ports.metrics}/metrics`)
      .then((answer) => answer.text())
      .catch(() => "");
    const found = text.split("\n").filter((row) => row.startsWith(`${name}{`) || row.startsWith(`${name}_total{`));
    return found.reduce((sum, row) => sum + Number(row.split(" ").at(-1)), 0);
  }

  /** Whether the shipper says that it is well. */
  async isHealthy(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.ports.health}/`)
      .then(({ ok }) => ok)
      .catch(() => false);
  }
}

/** A line as containerd writes it, `P` for a part of a longer one. */
export function containerLine(text: string, tag: "F" | "P" = "F"): string {
  return `2026-11-25T20:22:05.123456789Z stdout ${tag} ${text}\n`;
}

/** A line of the audit log; no two numbers give the same. */
export function auditLine(i: number, more = ""): string {
  const id = `"auditID":"00000000-0000-4000-8000-${String(i).padStart(12, "0")}"`;
  const time = `2026-11-25T20:22:24.${String(100_000 + i)}Z`;
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1",${id},"verb":"get"${more},"stageTimestamp":"${time}","annotations":{}}`;
}
