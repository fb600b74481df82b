/** Calls to Keystone and Magnum, against a server on loopback that answers as they do. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { endpointOf, magnumApi } from "../../../components/cluster/magnum/magnumApi";
import type { CloudIdentity } from "../../../components/cluster/magnum/identity";

interface Seen {
  readonly method?: string;
  readonly url?: string;
  readonly token?: string | string[];
  readonly body: string;
}

type Answer = readonly [status: number, body: unknown];

const running: Server[] = [];

afterEach(() => {
  running.splice(0).forEach((server) => server.close());
});

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Keystone that lets everybody in, and Magnum with these answers by path. */
async function cloud(answers: Record<string, Answer>, login: Answer = [201, undefined]) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url = "" } = request;
      seen.push({ method, url, token: request.headers["x-auth-token"], body });
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const endpoints = [{ interface: "public", region: "RegionOne", url: `${base}/magnum/v1` }];
      const isLogin = url === "/identity/v3/auth/tokens";
      const [status, given] = isLogin ? login : (answers[url] ?? [404, { errors: [{ detail: "not found" }] }]);
      const catalog = { token: { catalog: [{ type: "container-infra", endpoints }] } };
      response.writeHead(status, isLogin && status === 201 ? { "x-subject-token": "drawn" } : {});
      response.end(JSON.stringify(given ?? catalog));
    });
  });
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const identity: CloudIdentity = {
    kind: "password",
    source: "the environment (OS_*)",
    authUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/identity`,
    request: { auth: { identity: { methods: ["password"] } } },
    interface: "public",
    insecure: false,
  };
  return { seen, api: magnumApi(identity, "RegionOne") };
}

const FAILED = {
  uuid: "4711",
  name: "site",
  status: "CREATE_FAILED",
  status_reason: "Failed to create trustee or trust",
  faults: { "default-master": "no host" },
  api_address: null,
};
const GROUPS = { nodegroups: [{ name: "batch", status: "CREATE_COMPLETE", flavor_id: "m1", node_count: 2 }] };

describe("Magnum as the program asks it", () => {
  test("gives a cluster's status, reason, faults and node groups; one login serves all calls", async () => {
    const { api, seen } = await cloud({
      "/magnum/v1/clusters/site": [200, FAILED],
      "/magnum/v1/clusters/4711/nodegroups": [200, GROUPS],
    });
    expect(await api.cluster("site")).toEqual({
      uuid: "4711",
      name: "site",
      status: "CREATE_FAILED",
      statusReason: "Failed to create trustee or trust",
      faults: { "default-master": "no host" },
      apiAddress: "",
      groups: [{ name: "batch", status: "CREATE_COMPLETE", statusReason: "", flavor: "m1", count: 2 }],
    });
    await api.cluster("site");
    expect(seen.map(({ method, url, token }) => [method, url, token]).slice(0, 3)).toEqual([
      ["POST", "/identity/v3/auth/tokens", undefined],
      ["GET", "/magnum/v1/clusters/site", "drawn"],
      ["GET", "/magnum/v1/clusters/4711/nodegroups", "drawn"],
    ]);
    expect(seen.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(JSON.parse(seen[0].body)).toEqual({ auth: { identity: { methods: ["password"] } } });
  });

  test("has no cluster of a name that nobody gave one", async () => {
    expect(await (await cloud({})).api.cluster("nobody")).toBeUndefined();
  });

  test("names the templates in order", async () => {
    const { api } = await cloud({
      "/magnum/v1/clustertemplates": [200, { clustertemplates: [{ name: "b" }, { name: "a" }] }],
    });
    expect(await api.templates()).toEqual(["a", "b"]);
  });

  test("an error of Magnum is reported with its own words, never taken for an absent cluster", async () => {
    const { api } = await cloud({ "/magnum/v1/clusters/site": [500, { errors: [{ detail: "database is away" }] }] });
    await expect(api.cluster("site")).rejects.toThrow("Magnum answered 500 to GET /clusters/site: database is away");
  });

  test("refused credentials are reported with their source and Keystone's words, without the credentials", async () => {
    const { api } = await cloud({}, [
      401,
      { error: { message: "The request you have made requires authentication." } },
    ]);
    await expect(api.cluster("site")).rejects.toThrow(
      /refused the credentials of the environment \(OS_\*\): The request you have made requires authentication\.$/,
    );
  });
});

describe("Magnum's endpoint", () => {
  const catalog = (type: string, url: string) => ({
    token: { catalog: [{ type, endpoints: [{ interface: "public", region_id: "cern", url }] }] },
  });

  test.each([
    ["container-infra", "https://magnum.example/v1/"],
    ["container-infra", "https://magnum.example"],
    ["container-infrastructure-management", "https://magnum.example/v1"],
  ])("of type %s at %s ends in /v1 once", (type, url) => {
    expect(endpointOf(catalog(type, url), "public", "cern")).toBe("https://magnum.example/v1");
  });

  test("of another region is reported with the region to write", () => {
    expect(() => endpointOf(catalog("container-infra", "https://m"), "public", "RegionOne")).toThrow(
      "no public endpoint of Magnum in region RegionOne; there are public in cern: correct atlas-site:cluster region",
    );
    expect(() => endpointOf({}, "public", "RegionOne")).toThrow("the cloud offers no Magnum");
  });
});
