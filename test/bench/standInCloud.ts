/**
 * A stand-in for the OpenStack a preview talks to: it signs anybody in, and knows every image and network by the name it
 * is asked for. A preview asks no more. Nothing can be made in it.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A running stand-in. */
export interface StandInCloud {
  /** Environment that leads OpenStack clients to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests it had no answer for. */
  readonly unanswered: readonly string[];
  close(): Promise<void>;
}

const SERVICES: Readonly<Record<string, string>> = {
  identity: "/v3",
  image: "/image",
  network: "/network",
  compute: "/compute/v2.1",
};
const ID = "00000000-0000-4000-8000-000000000000";

function token(base: string, region: string): object {
  const catalog = Object.entries(SERVICES).map(([type, path]) => ({
    id: type,
    name: type,
    type,
    endpoints: ["public", "internal"].map((kind) => {
      return { id: `${type}-${kind}`, interface: kind, region, region_id: region, url: `${base}${path}` };
    }),
  }));
  const domain = { id: "default", name: "Default" };
  const times = { issued_at: "2026-01-01T00:00:00.000000Z", expires_at: "2099-01-01T00:00:00.000000Z" };
  const user = { id: ID, name: "bench", domain };
  return {
    token: { ...times, methods: ["password"], user, project: { id: ID, name: "bench", domain }, roles: [], catalog },
  };
}

/** The answer to a request; undefined when there is none. */
function answer(base: string, region: string, method: string, url: URL): object | undefined {
  const name = url.searchParams.get("name") ?? "any";
  const path = url.pathname;
  if (path === "/v3/auth/tokens") {
    return token(base, region);
  }
  if (path === "/v3" || path === "/v3/") {
    return { version: { id: "v3.14", status: "stable", links: [{ rel: "self", href: `${base}/v3/` }] } };
  }
  if (method === "GET" && path === "/image/v2/images") {
    const images = [
      {
        id: ID,
        name,
        status: "active",
        visibility: "public",
        size: 1,
        created_at: "2026-01-01T00:00:00Z",
        updated_at: "2026-01-01T00:00:00Z",
        file: "/",
        schema: "/",
        tags: [],
      },
    ];
    return { images };
  }
  if (method === "GET" && path === "/network/v2.0/networks") {
    return {
      networks: [{ id: ID, name, status: "ACTIVE", admin_state_up: true, subnets: [], "router:external": true }],
    };
  }
  return undefined;
}

/**
 * Starts one on loopback.
 * @param region its only region
 */
export async function startStandInCloud(region: string): Promise<StandInCloud> {
  const unanswered: string[] = [];
  const server: Server = createServer((request, response) => {
    const base = `http://${request.headers.host}`;
    const found = answer(base, region, request.method ?? "", new URL(request.url ?? "/", base));
    if (found === undefined) {
      unanswered.push(`${request.method} ${request.url}`);
    }
    request.resume();
    response.writeHead(found === undefined ? 404 : request.method === "POST" ? 201 : 200, {
      "content-type": "application/json",
      "x-subject-token": "stand-in",
    });
    response.end(JSON.stringify(found ?? { error: "nothing here" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    unanswered,
    environment: {
      OS_AUTH_URL: `http://127.0.0.1:${port}/v3`,
      OS_USERNAME: "bench",
      OS_PASSWORD: "bench",
      OS_PROJECT_NAME: "bench",
      OS_USER_DOMAIN_NAME: "Default",
      OS_PROJECT_DOMAIN_NAME: "Default",
      OS_REGION_NAME: region,
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
