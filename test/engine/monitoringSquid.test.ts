/** A watched site's squid and its exporter, both real, on this machine's loopback: the exporter gets the squid's counters. */
import { cvmfsArgs } from "../support/componentArgs";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ORIGIN_PORTS, SQUID_FILES, squidConfiguration } from "../../components/cvmfs/squidConfig";
import { SQUID_EXPORTER_PORT, squidExporter } from "../../components/cvmfs/squidExporter";
import { SQUID_UID } from "../../components/cvmfs/squidPlan";
import type { HostCvmfs } from "../../stacks/site/site";
import { clientRequests } from "../../components/monitoring/squidRequests";
import { installPackages, missingPackages } from "../lab/packages";
import { ensureToolchain } from "../toolchain";
import { freePort } from "./monitoringScrape";
import { monitoredSite } from "./monitoringSite";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;

let folder: string;
let squid: ChildProcess | undefined;
let exporter: ChildProcess | undefined;
let exporterPort: number;
let squidPort: number;
let deadPort: number;
let origin: Server;

const logOf = (name: string) => readFileSync(join(folder, name), "utf8");

/** Reads the exporter until something is so. */
async function until(what: string, holds: (metrics: string) => boolean): Promise<string> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${exporterPort}/metrics`).catch(() => undefined);
    const metrics = (await answer?.text()) ?? "";
    if (holds(metrics)) {
      return metrics;
    }
    if (Date.now() > end) {
      throw new Error(`waited 30 s for ${what}; metrics:\n${metrics.slice(0, 2000)}\nsquid:\n${logOf("log")}`);
    }
    await sleep(200);
  }
}

beforeAll(async () => {
  const lacking = missingPackages().filter((name) => name === "squid");
  if (lacking.length > 0) await installPackages(lacking, (line) => process.stderr.write(`${line}\n`));
  const toolchain = await ensureToolchain({ only: ["squid-exporter"] });
  folder = mkdtempSync(join(tmpdir(), "atlas-site-squid-exporter-"));
  spawnSync("chmod", ["755", folder]);
  for (const name of ["cache", "access"]) {
    mkdirSync(join(folder, name));
    chownSync(join(folder, name), SQUID_UID, SQUID_UID);
  }
  const port = await freePort();
  deadPort = await freePort();
  origin = createServer((asking, answer) => {
    // A hung server: no answer at all.
    if (asking.url === "/hung") return;
    answer.writeHead(asking.url === "/broken" ? 503 : 200).end("x");
  });
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  const originPort = (origin.address() as AddressInfo).port;
  squidPort = port;
  exporterPort = await freePort();
  const replaced: [string, string][] = [
    ["http_port 3128", `http_port 127.0.0.1:${port}`],
    [SQUID_FILES.cache, join(folder, "cache")],
    ["acl machines src ", "acl machines src 127.0.0.0/8 "],
    // A stratum one on this machine, and a port on which nothing listens.
    ["acl origins dstdomain -n .cern.ch", "acl origins dstdomain -n localhost"],
    [`port ${ORIGIN_PORTS.join(" ")}`, `port ${originPort} ${deadPort}`],
    ["stdio:/dev/stdout", `stdio:${join(folder, "access/log")}`],
  ];
  const text = replaced.reduce(
    (before, [from, to]) => {
      expect(before).toContain(from);
      return before.replace(from, to);
    },
    squidConfiguration(cvmfsArgs(monitoredSite), (monitoredSite.cvmfs as HostCvmfs).squid!),
  );
  const configuration = join(folder, "squid.conf");
  writeFileSync(configuration, text);
  const asProxy = ["--pdeathsig", "KILL", "--reuid", String(SQUID_UID), "--regid", String(SQUID_UID), "--clear-groups"];
  spawnSync("setpriv", [...asProxy, "squid", "-N", "-z", "-f", configuration], { cwd: "/" });
  const output = openSync(join(folder, "log"), "w");
  const stdio: ["ignore", number, number] = ["ignore", output, output];
  squid = spawn("setpriv", [...asProxy, "squid", "-N", "-f", configuration], { stdio, cwd: "/" });
  const flags = squidExporter(undefined).args.map((flag) =>
    flag
      .replace(`0.0.0.0:${SQUID_EXPORTER_PORT}`, `127.0.0.1:${exporterPort}`)
      .replace(/squid-port=.*/, `squid-port=${port}`),
  );
  exporter = spawn("setpriv", ["--pdeathsig", "KILL", toolchain.binary("squid-exporter"), ...flags], {
    stdio: "ignore",
  });
}, 20 * MINUTE);

afterAll(() => {
  squid?.kill("SIGKILL");
  exporter?.kill("SIGKILL");
  origin.closeAllConnections();
  origin.close();
  removeFolder(folder);
});

/** A counter of the exporter's answer. */
function counter(metrics: string, name: string): number {
  const found = new RegExp(`^${name}(\\{[^}]*\\})? ([\\d.e+]+)$`, "m").exec(metrics);
  expect(found, `${name} in\n${metrics.slice(0, 500)}`).not.toBeNull();
  return Number(found![2]);
}

/** One request of a client; squid refuses the name, which is an answer, a line of its log and a request like any other. */
function clientRequest(): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = "http://refused.invalid/x";
    request({ host: "127.0.0.1", port: squidPort, path: url, headers: { host: "refused.invalid" }, agent: false })
      .on("response", (response) => response.resume().on("end", () => resolve(response.statusCode ?? 0)))
      .on("error", reject)
      .end();
  });
}

test(
  "the dashboard's count of clients' requests is the access log's, however often the squid is scraped",
  { timeout: 2 * MINUTE },
  async () => {
    const expression = clientRequests((name) => name);
    const [, perScrape] =
      /^\(squid_client_http_requests_total - (\d+) \* promhttp_metric_handler_requests_total\)$/.exec(expression)!;
    const read = async () => {
      const metrics = await until("squid_up 1", (text) => /^squid_up(\{[^}]*\})? 1$/m.test(text));
      const scrapes = /^promhttp_metric_handler_requests_total\{code="200"\} (\d+)$/m.exec(metrics)![1];
      return counter(metrics, "squid_client_http_requests_total") - Number(perScrape) * Number(scrapes);
    };
    const lines = () => logOf("access/log").split("\n").filter(Boolean).length;
    await read();
    const [before, logged] = [await read(), lines()];
    for (let i = 0; i < 200; i++) {
      expect(await clientRequest()).toBe(403);
      if (i % 10 === 0) await read();
    }
    // The last lines come to the log with a second's delay.
    const end = Date.now() + 20_000;
    while (lines() - logged < 200 && Date.now() < end) await sleep(100);
    expect(lines() - logged).toBe(200);
    expect(Math.abs((await read()) - before - 200)).toBeLessThanOrEqual(2);
  },
);

test(
  "the counter behind SquidErrors grows when servers are not there and when they hang",
  { timeout: 2 * MINUTE },
  async () => {
    const originPort = (origin.address() as AddressInfo).port;
    const ask = (url: string) =>
      new Promise<string>((resolve) => {
        const { host } = new URL(url);
        const options = {
          host: "127.0.0.1",
          port: squidPort,
          path: url,
          headers: { host },
          agent: false,
          timeout: 2000,
        };
        const asking = request(options)
          .on("response", (response) => response.resume().on("end", () => resolve(String(response.statusCode))))
          // As the client of CVMFS does.
          .on("timeout", () => asking.destroy())
          .on("error", () => resolve("gave up"));
        asking.end();
      });
    const counts = async () => {
      const metrics = await until("squid_up 1", (text) => /^squid_up(\{[^}]*\})? 1$/m.test(text));
      return ["client_http", "server_all"].map((which) => counter(metrics, `squid_${which}_errors_total`));
    };
    const start = await counts();
    for (let i = 0; i < 3; i++) expect(await ask(`http://localhost:${originPort}/good${i}`)).toBe("200");
    expect(await counts()).toEqual(start);
    for (let i = 0; i < 3; i++) expect(await ask(`http://localhost:${deadPort}/x${i}`)).toBe("503");
    for (let i = 0; i < 3; i++) expect(await ask(`http://localhost:${originPort}/hung`)).toBe("gave up");
    await until("six errors of clients", (text) => counter(text, "squid_client_http_errors_total") === start[0] + 6);
    // What the alert counted before: it does not move.
    expect((await counts())[1]).toBe(start[1]);
  },
);

test(
  "the exporter gets the squid's counters as they grow, leaves no line in its log, and says when it is away",
  { timeout: 2 * MINUTE },
  async () => {
    const upIs = (state: 0 | 1) => (metrics: string) =>
      new RegExp(`^squid_up(\\{[^}]*\\})? ${state}$`, "m").test(metrics);
    const metrics = await until("squid_up 1", upIs(1));
    for (const name of [
      "squid_client_http_requests_total",
      "squid_client_http_hits_total",
      "squid_server_http_errors_total",
    ]) {
      expect(metrics).toMatch(new RegExp(`^${name}(\\{[^}]*\\})? \\d+`, "m"));
    }
    // A squid that keeps what it tells of itself shows the figures of its first moment for ever.
    const upTime = (text: string) => Number(/^squid_info_UP_Time(\{[^}]*\})? ([\d.]+)/m.exec(text)?.[2]);
    await until("the squid's time to go on", (later) => upTime(later) > upTime(metrics));
    expect(logOf("access/log")).not.toContain("squid-internal-mgr");
    squid!.kill("SIGKILL");
    await until("squid_up 0", upIs(0));
  },
);
