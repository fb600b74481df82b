/**
 * A site's log shipping by the real collector: what containers print and the API's audit log come to an archive, each line
 * with its time and where it is from, and none is lost when the collector is killed, the archive away, a file set aside.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOG_ATTRIBUTES } from "../../components/traceability/names";
import { traceJob } from "../../stacks/site/commands/trace";
import { ensureToolchain } from "../toolchain";
import { auditLine, containerLine, FLAGS, LogStage, NODE, UID } from "./logStage";

const MINUTE = 60_000;
const POD = `harvester_grid-job-1-bcdfg_${UID}`;

let binary: string;
let stage: LogStage;

beforeAll(async () => {
  binary = (await ensureToolchain({ only: ["otelcol"] })).binary("otelcol");
  stage = await LogStage.open(binary);
}, 60 * MINUTE);

afterAll(() => stage?.close(), MINUTE);

test("the collector takes the configuration", () => {
  const args = ["validate", "--config", stage.configuration, ...FLAGS];
  expect(execFileSync(binary, args, { encoding: "utf8", stdio: "pipe", env: { NODE_NAME: NODE } })).toBe("");
});

describe("a line of a container", () => {
  test("comes with its time, and whose it is, from a file of root's", async () => {
    stage.podLog(POD, "job-container", containerLine("the pilot starts"));
    await stage.until("the line", () => stage.counts(["the pilot starts"])[0] === 1);
    expect(stage.line("the pilot starts")).toEqual({
      body: "the pilot starts",
      attributes: {
        [LOG_ATTRIBUTES.site]: "small",
        [LOG_ATTRIBUTES.node]: "small-batch-0",
        [LOG_ATTRIBUTES.kind]: "container",
        "k8s.namespace.name": "harvester",
        "k8s.pod.name": "grid-job-1-bcdfg",
        "k8s.pod.uid": UID,
        "k8s.container.name": "job-container",
        "k8s.container.restart_count": "0",
        "log.iostream": "stdout",
        logtag: "F",
      },
      time: String(BigInt(Date.parse("2026-11-25T20:22:05.123Z")) * 1_000_000n + 456_789n),
    });
  });

  test("that the runtime has cut comes whole", async () => {
    stage.podLog(POD, "job-container", containerLine("a long ", "P") + containerLine("line", "F"));
    await stage.until("the whole line", () => stage.counts(["a long line"])[0] === 1);
    expect(stage.counts(["a long ", "line"])).toEqual([0, 0]);
  });

  test("of the shipper itself stays: its complaints would be lines to send", async () => {
    stage.podLog(`atlas-site-logs_log-shipper-x_${UID}`, "log-shipper", containerLine("cannot send"));
    stage.podLog(POD, "job-container", containerLine("after the shipper's"));
    await stage.until("the later line", () => stage.counts(["after the shipper's"])[0] === 1);
    expect(stage.counts(["cannot send"])).toEqual([0]);
  });
});

describe("a line of the audit log", () => {
  test("comes as it is, with the time at its end, whatever stands in it before", async () => {
    const trap = auditLine(
      1,
      ',"requestObject":{"metadata":{"annotations":{"stageTimestamp":"1999-01-01T00:00:00Z"}}}',
    );
    appendFileSync(stage.audit, `${trap}\n${auditLine(2)}\n`);
    await stage.until("both lines", () => stage.hasAll([trap, auditLine(2)]));
    expect(stage.line(trap).time).toBe(String(BigInt(Date.parse("2026-11-25T20:22:24.100Z")) * 1_000_000n + 1_000n));
    expect(stage.line(trap).attributes).toEqual({
      [LOG_ATTRIBUTES.site]: "small",
      [LOG_ATTRIBUTES.node]: "small-batch-0",
      [LOG_ATTRIBUTES.kind]: "audit",
    });
  });

  test("of a megabyte and a half comes whole", async () => {
    const long = auditLine(3, `,"requestObject":"${"x".repeat(1.5 * 1024 * 1024)}"`);
    appendFileSync(stage.audit, `${long}\n`);
    await stage.until("the long line", () => stage.counts([long])[0] === 1);
  });

  test("traces a Job from what the archive has", async () => {
    const fixture = readFileSync(join(__dirname, "../unit/traceability/fixtures/audit.log"), "utf8");
    appendFileSync(stage.audit, fixture);
    const own = fixture.split("\n").filter((text) => text !== "");
    await stage.until("the Job's life", () => stage.hasAll(own));
    const found = await traceJob("4711", { logs: [join(stage.root, "archive", "archive.json")] });
    expect(found).toMatchObject({ outcome: "failed", made: { user: "atlas-site:harvester" }, missing: [] });
    expect(found.pods[0]).toMatchObject({
      node: "small-batch-0",
      containers: [{ reason: "OOMKilled", exitCode: 137 }],
    });
  });
});

describe("no line is lost", () => {
  const many = (from: number) => Array.from({ length: 500 }, (_, i) => auditLine(from + i));

  test("when the collector is killed at its work, and started again", { timeout: 3 * MINUTE }, async () => {
    const lines = many(1000);
    for (const [i, text] of lines.entries()) {
      appendFileSync(stage.audit, `${text}\n`);
      if (i === 250) {
        await stage.until("a part of the lines", () => stage.counts(lines.slice(0, 1))[0] === 1);
        await stage.stopShipper("kill");
      }
    }
    stage.startShipper();
    await stage.until("every line", () => stage.hasAll(lines));
    const twice = stage.counts(lines).filter((count) => count > 1).length;
    console.log(`killed and started again: 0 of ${lines.length} lines lost, ${twice} came twice`);
  });

  test("when a file is set aside while the collector is away", { timeout: 3 * MINUTE }, async () => {
    const [before, between, after] = [many(2000), many(3000), many(4000)];
    appendFileSync(stage.audit, `${before.join("\n")}\n`);
    await stage.until("the first lines", () => stage.hasAll(before));
    await stage.stopShipper();
    appendFileSync(stage.audit, `${between.join("\n")}\n`);
    renameSync(stage.audit, join(stage.root, "audit", "audit-2026-11-25T20-30-00.000.log"));
    writeFileSync(stage.audit, `${after.join("\n")}\n`, { mode: 0o600 });
    const rotated = stage.podLog(POD, "job-container", containerLine("last words before it was set aside"));
    renameSync(rotated, `${rotated}.20261125-203000`);
    stage.podLog(POD, "job-container", containerLine("first words after"));
    stage.startShipper();
    const all = [...before, ...between, ...after, "last words before it was set aside", "first words after"];
    await stage.until("every line of both files", () => stage.hasAll(all));
    expect(stage.counts(all).filter((count) => count > 1)).toEqual([]);
  });

  test(
    "when the archive is away for a while, and the collector is killed meanwhile",
    { timeout: 3 * MINUTE },
    async () => {
      await stage.archive.stop();
      const lines = many(5000);
      appendFileSync(stage.audit, `${lines.join("\n")}\n`);
      await stage.until("lines that wait", async () => (await stage.metric("otelcol_exporter_queue_size")) > 0);
      await stage.stopShipper("kill");
      stage.startShipper();
      stage.archive.start();
      await stage.until("every line", () => stage.hasAll(lines));
      const twice = stage.counts(lines).filter((count) => count > 1).length;
      console.log(`archive away, collector killed: 0 of ${lines.length} lines lost, ${twice} came twice`);
    },
  );
});

describe("of itself the collector says", () => {
  test("that it is well, and in metrics what it has sent", async () => {
    await stage.until("its health", () => stage.isHealthy());
    expect(await stage.metric("otelcol_exporter_sent_log_records_total")).toBeGreaterThan(0);
  });

  test("how much memory it takes", () => {
    const status = readFileSync(`/proc/${stage.shipperPid}/status`, "utf8");
    const mib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
    console.log(`most memory of the collector: ${mib.toFixed(0)} MiB`);
    expect(mib).toBeLessThan(192);
  });

  test("who it is: the archive takes nothing from those without the token", async () => {
    expect((await fetch(`${stage.archive.url}/v1/logs`, { method: "POST", body: "{}" })).status).toBe(401);
  });
});
