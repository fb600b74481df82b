/** `npm run site -- accounting`: a shipped site's month from a server that answers as its Prometheus would. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountedHours } from "../../../stacks/site/accounting/accountedHours";
import { monthText } from "../../../stacks/site/accounting/monthText";
import { accounting } from "../../../stacks/site/commands/accounting";
import { loadSite } from "../../../stacks/site/load";
import { stackFileText } from "../../support/sites";

const STACK = "uvic";
const [[QUEUE, { namespace, cpuRequestPercent }]] = Object.entries(
  loadSite(STACK, stackFileText(STACK), `stacks/Pulumi.${STACK}.yaml`).queues,
);
const END = Date.parse("2026-10-05T12:00:00Z") / 1000;

let server: Server;
let url: string;

/** One pod of eight cores that ran for an hour, whatever day is asked for. */
function answer(question: string): object[] {
  const sample = (value: number, more: object = {}) => [
    { metric: { namespace, pod: "grid-job-1", uid: "1", ...more }, value: [0, String(value)] },
  ];
  return question.includes("completion_time")
    ? sample(END)
    : question.includes("start_time")
      ? sample(END - 3600)
      : question.includes("resource_requests")
        ? sample((8 * cpuRequestPercent) / 100)
        : question.includes("status_phase")
          ? sample(1, { phase: "Failed" })
          : [];
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const result = answer(new URLSearchParams(body).get("query") ?? "");
      response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function said(...options: string[]): Promise<string> {
  const lines: string[] = [];
  await accounting(STACK, (line) => lines.push(line), ...options);
  return lines.join("\n");
}

describe("the command", () => {
  test("says a month as a table", async () => {
    const lines = (await said("--prometheus", url, "--month", "2026-10")).split("\n");
    expect(lines[0]).toBe("uvic: jobs that ended in 2026-10, UTC");
    const row = lines.find((line) => line.startsWith(`${QUEUE} `))?.split(/ +/);
    expect(row).toEqual([QUEUE, "1", "0", "1", "8.00", "1.00"]);
    expect(lines.find((line) => line.startsWith("all "))?.split(/ +/)).toEqual(["all", ...row!.slice(1)]);
  });

  test("says it as JSON, too", async () => {
    const month = JSON.parse(await said("--prometheus", url, "--month", "2026-10", "--json")) as object;
    const usage = { finished: 0, failed: 1, coreHours: 8, wallHours: 1, unknown: 0 };
    expect(month).toMatchObject({ stack: STACK, month: "2026-10", total: usage, queues: { [QUEUE]: usage } });
  });

  test("refuses what it does not know, and says where a stack would be", async () => {
    await expect(said("--moth", "2026-10")).rejects.toThrow("--moth");
    await expect(said("--prometheus", url, "--month", "2026-1")).rejects.toThrow('got month "2026-1"');
    await expect(accounting("nowhere", () => undefined)).rejects.toThrow("no file stacks/Pulumi.nowhere.yaml");
  });
});

test("a Prometheus that has no data yet has them since now", async () => {
  const now = new Date("2026-10-05T12:00:00Z");
  // As a Prometheus 3.16 says of itself before its first sample.
  const client = {
    query: (question: string) =>
      Promise.resolve(question.includes("lowest_timestamp") ? [{ labels: {}, value: 9.223372036854776e15 }] : []),
  };
  const site = loadSite(STACK, stackFileText(STACK), `stacks/Pulumi.${STACK}.yaml`);
  const { dataSince, total } = await accountedHours(client, site, "2026-10", now);
  expect(dataSince).toBe(now.toISOString());
  expect(total).toMatchObject({ finished: 0, failed: 0, unknown: 0 });
});

test("the table tells what must be known with it", () => {
  const usage = { finished: 1, failed: 0, coreHours: 8, wallHours: 1, unknown: 2 };
  const text = monthText("uvic", {
    month: "2026-11",
    until: "2026-11-25T20:00:00.000Z",
    settled: false,
    dataSince: "2026-11-20T00:00:00.000Z",
    queues: {},
    total: usage,
  });
  expect(text).toContain("Not the last word: counted is what ended before 2026-11-25T20:00:00.000Z");
  expect(text).toContain("no data from before 2026-11-20T00:00:00.000Z");
  expect(text).toContain("2 pods ended and are not counted");
});
