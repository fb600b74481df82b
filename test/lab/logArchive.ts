/**
 * The lab's stand-in for a site's log archive: the OpenTelemetry Collector in the lab's outside world. It takes logs as
 * an archive's endpoint would, by OTLP over HTTP, and writes each batch as a line of JSON into a file.
 */
import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Daemon } from "./processes";
import { logArchive, type LabPaths } from "./settings";

/** Name of the daemon, of its log and of its file in the folder of configurations. */
export const LOG_ARCHIVE = "log-archive";

/** Where logs are sent; a GET is refused by an archive that listens. */
export const logArchiveUrl = `http://${logArchive.address}:${logArchive.port}/v1/logs`;

/** File of what was received: each line one OTLP request with its resources, scopes and records. */
export function logArchiveFile(paths: LabPaths): string {
  return join(paths.state, LOG_ARCHIVE, "logs.json");
}

/**
 * The collector's configuration, JSON being YAML as well.
 *
 * @param file what is written; its folder must exist
 * @param listen `address:port`
 */
export function logArchiveConfig(file: string, listen: string): string {
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: listen } } } },
    // A test that asks for a record waits for it no longer than this, once it has arrived.
    exporters: { file: { path: file, format: "json", flush_interval: "200ms" } },
    service: {
      // Its own metrics would take a port of the lab, and nobody asks for them.
      telemetry: { metrics: { level: "none" }, logs: { level: "info", encoding: "console" } },
      pipelines: { logs: { receivers: ["otlp"], exporters: ["file"] } },
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** How the archive runs; `prepareLogArchive` puts there what it names. */
export function logArchiveDaemon(paths: LabPaths): Daemon {
  return {
    name: LOG_ARCHIVE,
    command: [program(paths), `--config=${configFile(paths)}`],
    environment: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    cwd: paths.state,
    nice: 3,
  };
}

/**
 * Puts program and configuration into the lab's folders; safe to repeat.
 *
 * @throws Error when the collector cannot be built
 */
export async function prepareLogArchive(paths: LabPaths, log: (line: string) => void): Promise<void> {
  // Loaded here only: a lab with fake machines has no archive, and needs nothing built.
  const { ensureToolchain } = await import("../toolchain/index.js");
  const built = (await ensureToolchain({ only: ["otelcol"], log })).binary("otelcol");
  mkdirSync(join(logArchiveFile(paths), ".."), { recursive: true });
  writeFileSync(configFile(paths), logArchiveConfig(logArchiveFile(paths), `${logArchive.address}:${logArchive.port}`));
  // In the lab's own folder it is found by whoever fixes the lab, whatever the toolchain has become meanwhile.
  rmSync(program(paths), { force: true });
  linkSync(built, program(paths));
}

function program(paths: LabPaths): string {
  return join(paths.lib, "otelcol");
}

function configFile(paths: LabPaths): string {
  return join(paths.config, `${LOG_ARCHIVE}.yaml`);
}
