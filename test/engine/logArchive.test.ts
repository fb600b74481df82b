/** The lab's log archive, the real collector with the lab's configuration, on this machine's loopback. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endingWithUs } from "../images/command";
import { logArchiveConfig } from "../lab/logArchive";
import { ensureToolchain } from "../toolchain";
import { removeFolder } from "../support/removeFolder";

/** Longest wait for the collector to listen and for a record to be in its file, in milliseconds. */
const deadline = 30_000;

let folder: string;
let collector: ChildProcess;
let endpoint: string;
let said = "";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Polls until `check` gives something. @throws Error with what was waited for and what the collector said */
async function until<T>(what: string, check: () => Promise<T | undefined>): Promise<T> {
  const begun = Date.now();
  while (Date.now() - begun < deadline && collector.exitCode === null) {
    const found = await check();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`waited ${Date.now() - begun} ms for ${what}; the collector said:\n${said}`);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "log-archive-"));
  const listen = `127.0.0.1:${await freePort()}`;
  endpoint = `http://${listen}/v1/logs`;
  writeFileSync(join(folder, "archive.yaml"), logArchiveConfig(join(folder, "logs.json"), listen));
  const program = (await ensureToolchain({ only: ["otelcol"] })).binary("otelcol");
  const [command, args] = endingWithUs(program, `--config=${join(folder, "archive.yaml")}`);
  collector = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  collector.stderr!.setEncoding("utf8").on("data", (text: string) => (said += text));
  await until(`an answer at ${endpoint}`, () =>
    fetch(endpoint).then(
      () => true,
      () => undefined,
    ),
  );
}, 600_000);

afterAll(async () => {
  if (collector?.exitCode === null) {
    const ended = once(collector, "exit");
    collector.kill();
    await ended;
  }
  removeFolder(folder);
});

describe("the lab's log archive", () => {
  it("writes a record that is sent to it as a line of JSON, with its resource", async () => {
    const text = `written at ${Date.now()}`;
    const attributes = [{ key: "k8s.node.name", value: { stringValue: "batch-1" } }];
    const logRecords = [{ timeUnixNano: `${Date.now()}000000`, body: { stringValue: text } }];
    const request = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] };
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    expect(answer.status).toBe(200);

    const file = join(folder, "logs.json");
    const line = await until(`"${text}" in ${file}`, async () =>
      existsSync(file)
        ? readFileSync(file, "utf8")
            .split("\n")
            .find((each) => each.includes(text))
        : undefined,
    );
    const [{ resource, scopeLogs }] = JSON.parse(line).resourceLogs;
    expect(resource.attributes).toEqual(attributes);
    expect(scopeLogs[0].logRecords[0].body.stringValue).toBe(text);
  });

  it("refuses what is no log at all", async () => {
    const headers = { "content-type": "application/json" };
    expect((await fetch(endpoint, { method: "POST", headers, body: "no logs" })).status).toBe(400);
  });
});
