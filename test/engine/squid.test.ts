/**
 * The rendered configuration in a real squid, Debian's, on this machine's loopback: no container and no cluster has a part
 * in it. An HTTP server of ours is the stratum one. Only what a test on one machine must have different is replaced:
 * ports, the place of the cache, the outputs.
 */
import { cvmfsArgs } from "../support/componentArgs";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync, openSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ORIGIN_PORTS, SQUID_FILES, squidConfiguration } from "../../components/cvmfs/squidConfig";
import { SQUID_UID } from "../../components/cvmfs/squidPlan";
import { cvmfsSchema } from "../../stacks/site/schema/cvmfs";
import type { Site, Squid } from "../../stacks/site/site";
import { installPackages, missingPackages } from "../lab/packages";
import { site as siteOf } from "../support/sites";
import { removeFolder } from "../support/removeFolder";

const MINUTE = 60_000;
/** The clients of the test are "machines" of the site: the whole of loopback but for the addresses below. */
const SITE: Site = (() => {
  const small = siteOf("small");
  const { cloud } = small;
  return { ...small, cloud: { ...cloud!, network: { ...cloud!.network, cidr: "127.0.0.0/24" } } };
})();
/** An address of loopback that is neither a machine's nor a pod's. */
const STRANGER = "127.0.1.1";

let folder: string;
let squid: ChildProcess;
let origin: Server;
let proxyPort: number;
/** How often the origin was asked for each path. */
const asked = new Map<string, number>();
/** Held-back answers of the origin. */
const held: (() => void)[] = [];

function run(...args: string[]): { status: number | null; output: string } {
  const asProxy = ["--reuid", String(SQUID_UID), "--regid", String(SQUID_UID), "--clear-groups", "squid", ...args];
  const done = spawnSync("setpriv", asProxy, { encoding: "utf8", cwd: "/" });
  return { status: done.status, output: done.stdout + done.stderr };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Got {
  readonly status: number;
  readonly cache: string;
  readonly body: string;
}

/** Fetches through the squid. */
function fetchBy(url: string, from = "127.0.0.1", method = "GET"): Promise<Got> {
  const { host } = new URL(url);
  return new Promise((resolve, reject) => {
    const path = method === "CONNECT" ? host : url;
    const options = { host: "127.0.0.1", port: proxyPort, localAddress: from, method, path, headers: { host } };
    const done = (response: IncomingMessage) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      const cache = String(response.headers["x-cache"] ?? "");
      response.on("end", () => resolve({ status: response.statusCode ?? 0, cache, body }));
    };
    request({ ...options, agent: false, timeout: 20_000 }, done)
      .on("connect", (response) => resolve({ status: response.statusCode ?? 0, cache: "", body: "" }))
      .on("error", reject)
      .end();
  });
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end || squid.exitCode !== null) {
      throw new Error(`not within 30 s: ${what}; squid said:\n${readFileSync(join(folder, "log"), "utf8")}`);
    }
    await sleep(50);
  }
}

beforeAll(async () => {
  const missing = missingPackages().filter((name) => name === "squid");
  if (missing.length > 0) await installPackages(missing, (line) => process.stderr.write(`${line}\n`));
  origin = createServer((asking, answer) => {
    const path = asking.url ?? "";
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const serve = () => {
      answer.writeHead(200, { "cache-control": path.includes("stale") ? "max-age=1" : "max-age=600" });
      answer.end(path.includes("large") ? "x".repeat(5_000_000) : `${path} ${asked.get(path)}`);
    };
    if (path.includes("held")) held.push(serve);
    else serve();
  });
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  folder = mkdtempSync(join(tmpdir(), "squid-"));
  spawnSync("chmod", ["755", folder]);
  mkdirSync(join(folder, "cache"));
  chownSync(join(folder, "cache"), SQUID_UID, SQUID_UID);
  proxyPort = await freePort();
  writeFileSync(join(folder, "squid.conf"), configuration(proxyPort, (origin.address() as AddressInfo).port));
}, 10 * MINUTE);

afterAll(async () => {
  squid?.kill("SIGKILL");
  await new Promise((resolve) => origin.close(resolve));
  removeFolder(folder);
});

function section(changes: Partial<Squid> = {}): Squid {
  const wanted = { pool: "services", cacheGb: 1, memoryMb: 64, destinations: ["localhost", ".origin.invalid"] };
  return (cvmfsSchema.parse({ mode: "host", squid: { ...wanted, ...changes } }) as { squid: Squid }).squid;
}

function configuration(port: number, originPort: number): string {
  const replaced: [string, string][] = [
    ["http_port 3128", `http_port 127.0.0.1:${port}`],
    [SQUID_FILES.cache, join(folder, "cache")],
    [`port ${ORIGIN_PORTS.join(" ")}`, `port ${originPort}`],
    ["stdio:/dev/stdout", "stdio:/dev/null"],
    ["cache_log /dev/stderr", "cache_log /dev/null"],
    ["shutdown_lifetime 20 seconds", "shutdown_lifetime 1 seconds"],
  ];
  return replaced.reduce(
    (text, [from, to]) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    },
    squidConfiguration(cvmfsArgs(SITE), section()),
  );
}

/** Starts the squid and waits until it serves. */
async function start(): Promise<void> {
  const output = openSync(join(folder, "log"), "a");
  const asProxy = ["--reuid", String(SQUID_UID), "--regid", String(SQUID_UID), "--clear-groups", "--pdeathsig", "KILL"];
  squid = spawn("setpriv", [...asProxy, "squid", "-N", "-d", "1", "-f", join(folder, "squid.conf")], {
    stdio: ["ignore", output, output],
    cwd: "/",
  });
  await until("the squid answers", () => fetchBy("http://foreign.invalid/").then(Boolean, () => false));
}

const url = (path: string) => `http://localhost:${(origin.address() as AddressInfo).port}/${path}`;

describe("the configuration", () => {
  test.each([
    ["of a site", SITE, section()],
    ["with SNMP", SITE, section({ snmpCidrs: ["192.0.2.0/24", "198.51.100.0/24"] })],
    ["on a cluster that is another's", { ...SITE, cloud: undefined }, section({ replicas: 1 })],
    ["with the destinations of every site", SITE, { ...section(), ...cvmfsDefaults() }],
  ])("%s is understood without a warning", (_, site, squid) => {
    const file = join(folder, "parsed.conf");
    writeFileSync(file, squidConfiguration(cvmfsArgs(site), squid));
    const { status, output } = run("-k", "parse", "-f", file);
    expect(output).not.toMatch(/WARNING|ERROR|FATAL|obsolete/i);
    expect([status, output.split("\n").length > 20]).toEqual([0, true]);
  });
});

function cvmfsDefaults(): Pick<Squid, "destinations"> {
  const parsed = cvmfsSchema.parse({ mode: "host", squid: { pool: "any" } }) as { squid: Squid };
  return { destinations: parsed.squid.destinations };
}

describe("a squid with it", { timeout: MINUTE }, () => {
  beforeAll(async () => {
    const { status, output } = run("-N", "-z", "-f", join(folder, "squid.conf"));
    expect([status, output]).toEqual([0, expect.stringContaining("Making directories in")]);
    await start();
  }, MINUTE);

  test("fetches a file once and then has it", async () => {
    expect(await fetchBy(url("cvmfs/atlas.cern.ch/data/1"))).toMatchObject({ status: 200, cache: "MISS from squid" });
    const second = await fetchBy(url("cvmfs/atlas.cern.ch/data/1"));
    expect(second).toEqual({ status: 200, cache: "HIT from squid", body: "/cvmfs/atlas.cern.ch/data/1 1" });
    expect(asked.get("/cvmfs/atlas.cern.ch/data/1")).toBe(1);
  });

  test("makes one fetch of what many nodes ask for at once", async () => {
    const many = Array.from({ length: 8 }, () => fetchBy(url("held")));
    await until("the origin is asked", () => held.length > 0);
    // Time for a second question to come, if there were one.
    await sleep(500);
    held.forEach((serve) => serve());
    const bodies = (await Promise.all(many)).map(({ body }) => body);
    expect(bodies).toEqual(Array.from({ length: 8 }, () => "/held 1"));
    expect(asked.get("/held")).toBe(1);
  });

  test("asks again for a file whose time is over", async () => {
    await fetchBy(url("stale"));
    await sleep(2500);
    expect((await fetchBy(url("stale"))).body).toBe("/stale 2");
  });

  test("keeps a file of many megabytes over its own restart, and ends within its time", async () => {
    expect((await fetchBy(url("large"))).body).toHaveLength(5_000_000);
    const ended = new Promise((resolve) => squid.once("exit", resolve));
    squid.kill("SIGTERM");
    expect(await ended).toBe(0);
    await start();
    const again = await fetchBy(url("large"));
    expect([again.cache, again.body.length, asked.get("/large")]).toEqual(["HIT from squid", 5_000_000, 1]);
  });

  test.each([
    ["a foreign destination", () => fetchBy("http://foreign.invalid/cvmfs")],
    ["an address instead of a name", () => fetchBy(url("by-address").replace("localhost", "127.0.0.1"))],
    ["a port where no stratum one is", () => fetchBy("http://localhost:22/")],
    ["a tunnel", () => fetchBy(url("tunnel"), "127.0.0.1", "CONNECT")],
    ["a client that is no machine and no pod of the site", () => fetchBy(url("stranger"), STRANGER)],
  ])("refuses %s", async (_, fetch) => {
    const before = [...asked.keys()];
    expect((await fetch()).status).toBe(403);
    expect([...asked.keys()]).toEqual(before);
  });
});
