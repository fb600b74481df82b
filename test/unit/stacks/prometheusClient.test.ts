/** The client of Prometheus' API, against a server of ours that answers as Prometheus does. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PrometheusClient } from "../../../stacks/site/commands/prometheusClient";

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly form: Record<string, string>;
}

let server: Server;
let client: PrometheusClient;
let asked: Asked[];
let answer: { status: number; text: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      asked.push({ method: request.method ?? "", url: request.url ?? "", form });
      response.writeHead(answer.status).end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = new PrometheusClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => (asked = []));

function answers(data: unknown): void {
  answer = { status: 200, text: JSON.stringify({ status: "success", data }) };
}

describe("a question", () => {
  test("goes as a form, with its time, and comes back as labels and numbers", async () => {
    answers({
      resultType: "vector",
      result: [
        { metric: { __name__: "up", job: "a" }, value: [1764.5, "1"] },
        { metric: {}, value: [1764.5, "-Inf"] },
        { metric: { job: "b" }, value: [1764.5, "+Inf"] },
        { metric: { job: "c" }, value: [1764.5, "NaN"] },
      ],
    });
    expect(await client.query('up{job=~"a|b"}', new Date(1_764_500))).toEqual([
      { labels: { __name__: "up", job: "a" }, value: 1 },
      { labels: {}, value: -Infinity },
      { labels: { job: "b" }, value: Infinity },
      { labels: { job: "c" }, value: NaN },
    ]);
    expect(asked).toEqual([
      { method: "POST", url: "/api/v1/query", form: { query: 'up{job=~"a|b"}', time: "1764.5" } },
    ]);
  });

  test("without a time is one about now", async () => {
    answers({ resultType: "scalar", result: [1764.5, "42"] });
    expect(await client.query("42")).toEqual([{ labels: {}, value: 42 }]);
    expect(asked[0].form).toEqual({ query: "42" });
  });

  test("about a range gives points in their order", async () => {
    const values = [
      [10, "1"],
      [20, "2.5"],
    ];
    answers({ resultType: "matrix", result: [{ metric: { job: "a" }, values }] });
    expect(await client.queryRange("up", new Date(10_000), new Date(20_000), 10)).toEqual([
      {
        labels: { job: "a" },
        points: [
          { seconds: 10, value: 1 },
          { seconds: 20, value: 2.5 },
        ],
      },
    ]);
    expect(asked[0]).toMatchObject({
      url: "/api/v1/query_range",
      form: { query: "up", start: "10", end: "20", step: "10" },
    });
  });

  test("about alerts, rules and targets gives their lists", async () => {
    const alerts = [{ labels: { alertname: "A" }, annotations: {}, state: "firing", activeAt: "2026-11-01T00:00:00Z" }];
    answers({ alerts });
    expect(await client.alerts()).toEqual(alerts);
    answers({ groups: [{ name: "g", file: "f", rules: [] }] });
    expect(await client.rules()).toEqual([{ name: "g", file: "f", rules: [] }]);
    answers({ activeTargets: [{ labels: { job: "a" }, health: "up" }], droppedTargets: [] });
    expect(await client.targets()).toEqual([{ labels: { job: "a" }, health: "up" }]);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /api/v1/alerts",
      "GET /api/v1/rules",
      "GET /api/v1/targets?state=active",
    ]);
  });
});

describe("a refusal", () => {
  test("is told with Prometheus' own words and the expression", async () => {
    answer = { status: 400, text: JSON.stringify({ status: "error", errorType: "bad_data", error: "no such thing" }) };
    await expect(client.query("sum(")).rejects.toThrow(/answered 400, bad_data: no such thing; to: sum\(/);
  });

  test("of something that is no Prometheus is told with what it said", async () => {
    answer = { status: 502, text: "<html>no upstream</html>" };
    await expect(client.query("up")).rejects.toThrow("answered 502, <html>no upstream</html>");
  });

  test("to be reached says where", async () => {
    await expect(new PrometheusClient("http://127.0.0.1:1").query("up")).rejects.toThrow(
      /http:\/\/127\.0\.0\.1:1\/api\/v1\/query cannot be reached: /,
    );
  });
});
