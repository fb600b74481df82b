/** Secrets and ConfigMaps in a queue's namespace, on a real API server: Harvester's are taken, others are not. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { harvesterIdentity } from "../../components/harvester/remoteAccess";
import { KubeApi } from "../support/kubeApi";
import type { KubeApiClient } from "../support/kubeApiClient";
import { declare, QUEUES, testSite, verdict } from "./admissionSite";

const MINUTE = 60_000;
const path = (kind: "secrets" | "configmaps") => `/api/v1/namespaces/${QUEUES.confined}/${kind}`;
const FILE = Buffer.from("proxy").toString("base64");

let api: KubeApi;
let harvester: KubeApiClient;

beforeAll(async () => {
  api = await KubeApi.start();
  await declare(api, testSite("host"));
  harvester = await api.as(harvesterIdentity);
}, 60 * MINUTE);

afterAll(() => api?.close());

type Part = Record<string, unknown>;

describe("what Harvester writes", () => {
  test.each<["secrets" | "configmaps", string, Part]>([
    ["secrets", "proxy-secret", { data: { x509up_u25606_prod: FILE } }],
    ["secrets", "proxy-secret", { type: "Opaque", data: { a: FILE, panda_token: FILE } }],
    ["configmaps", "pilots-starter", { data: { "pilots_starter.py": "x".repeat(20_000) } }],
    ["configmaps", "4711", { data: { "pandaJobData.out": "x".repeat(50_000), "PoolFileCatalog_H.xml": "x" } }],
  ])("is taken: %s %s", async (kind, name, more) => {
    const answer = await harvester.call("POST", `${path(kind)}?dryRun=All`, { metadata: { name }, ...more });
    expect([answer.status, verdict(answer)]).toEqual([201, []]);
  });

  test.each<[string, "secrets" | "configmaps", Part, Part]>([
    [
      "opaque-secrets-only",
      "secrets",
      {
        type: "kubernetes.io/service-account-token",
        metadata: { annotations: { "kubernetes.io/service-account.name": "default" } },
      },
      {},
    ],
    ["opaque-secrets-only", "secrets", { type: "kubernetes.io/dockerconfigjson" }, { ".dockerconfigjson": "e30=" }],
    ["opaque-secrets-only", "secrets", { type: "example.com/own" }, { a: FILE }],
    ["small-data", "secrets", {}, { a: Buffer.alloc(900_000).toString("base64") }],
    ["small-data", "configmaps", {}, { a: "x".repeat(900_000) }],
    ["small-data", "configmaps", { binaryData: { b: Buffer.alloc(200_000).toString("base64") } }, {}],
    ["small-data", "configmaps", {}, Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, "x"]))],
    ["removable-data", "configmaps", { metadata: { finalizers: ["example.com/never"] } }, { a: "x" }],
    ["removable-data", "secrets", { immutable: true }, { a: FILE }],
    [
      "removable-data",
      "configmaps",
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Secret", name: "x", uid: "1" }] } },
      {},
    ],
  ])("is refused by %s: %s %o", async (rule, kind, { metadata, ...more }, data) => {
    const object = { metadata: { name: "4711", ...(metadata as object) }, data, ...more };
    const answer = await harvester.call("POST", `${path(kind)}?dryRun=All`, object);
    expect(verdict(answer)).toEqual([rule]);
  });

  test("is renewed, but gets no finalizer, no more than it may have, and is not made immutable", async () => {
    const own = `${path("secrets")}/proxy-secret`;
    await harvester.must("POST", path("secrets"), { metadata: { name: "proxy-secret" }, data: { a: FILE } });
    const patch = (body: object) => harvester.call("PATCH", own, body);
    expect((await patch({ data: { a: FILE, b: FILE } })).status).toBe(200);
    expect(verdict(await patch({ metadata: { finalizers: ["example.com/never"] } }))).toEqual(["removable-data"]);
    expect(verdict(await patch({ immutable: true }))).toEqual(["removable-data"]);
    const large = { data: { c: Buffer.alloc(200_000).toString("base64") } };
    expect(verdict(await patch(large))).toEqual(["small-data"]);
  });

  test("ends at the quota: the namespace holds two Secrets, and ConfigMaps for a cluster's CA bundles and the starter", async () => {
    await api.until("the quota to be counted", async () => {
      const { status } = await api.admin.must<{ status: { hard?: Record<string, string> } }>(
        "GET",
        `/api/v1/namespaces/${QUEUES.confined}/resourcequotas/queue`,
      );
      return status.hard?.["count/secrets"] === "2" && status.hard["count/configmaps"] === "10";
    });
    const statuses: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      const object = { metadata: { name: String(i) }, data: { a: "x" } };
      statuses.push((await harvester.call("POST", path("configmaps"), object)).status);
    }
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(10);
    expect(statuses.at(-1)).toBe(403);
  });
});
