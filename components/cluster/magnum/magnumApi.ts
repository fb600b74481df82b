/** Calls to Keystone and Magnum that the provider has no resource for. They change nothing. */
import type { CloudIdentity } from "./identity";
import type { ClusterState, GroupState, MagnumApi } from "./clusterState";
import { askJson, type JsonAnswer } from "./http";

/** Names that clouds give Magnum in their catalog. */
const SERVICE_TYPES = ["container-infra", "container-infrastructure-management", "container"];

interface Catalog {
  token?: {
    catalog?: { type: string; endpoints: { interface: string; region?: string; region_id?: string; url: string }[] }[];
  };
}

/** Magnum of a region, asked as this user. The token is fetched at the first call. */
export function magnumApi(identity: CloudIdentity, region: string): MagnumApi {
  const { caFile, insecure } = identity;
  let session: Promise<{ token: string; endpoint: string }> | undefined;

  async function login(): Promise<{ token: string; endpoint: string }> {
    if (identity.kind === "none") {
      throw new Error("there are no OpenStack credentials: set OS_CLOUD, or OS_AUTH_URL and its companions");
    }
    const url = `${identity.authUrl.replace(/\/+$/, "").replace(/(\/v3)?$/, "/v3")}/auth/tokens`;
    const answer = await askJson({ url, method: "POST", body: identity.request, caFile, insecure });
    const token = answer.headers["x-subject-token"];
    if (answer.status !== 201 || typeof token !== "string") {
      throw new Error(`Keystone at ${url} refused the credentials of ${identity.source}: ${errorText(answer)}`);
    }
    return { token, endpoint: endpointOf(answer.body as Catalog, identity.interface, region) };
  }

  async function get(path: string): Promise<JsonAnswer> {
    session ??= login();
    const { token, endpoint } = await session;
    const headers = { "x-auth-token": token, "openstack-api-version": "container-infra latest" };
    return askJson({ url: `${endpoint}${path}`, headers, caFile, insecure });
  }

  async function list(path: string, key: string): Promise<Record<string, unknown>[]> {
    const answer = await get(path);
    if (answer.status !== 200) {
      throw new Error(`Magnum answered ${answer.status} to GET ${path}: ${errorText(answer)}`);
    }
    return ((answer.body as Record<string, unknown> | undefined)?.[key] ?? []) as Record<string, unknown>[];
  }

  return {
    async cluster(nameOrId) {
      const path = `/clusters/${encodeURIComponent(nameOrId)}`;
      const answer = await get(path);
      if (answer.status === 404) {
        return undefined;
      }
      if (answer.status !== 200) {
        throw new Error(`Magnum answered ${answer.status} to GET ${path}: ${errorText(answer)}`);
      }
      const body = answer.body as Record<string, unknown>;
      const groups = await list(`/clusters/${text(body.uuid)}/nodegroups`, "nodegroups");
      return clusterState(body, groups);
    },
    async templates() {
      const found = await list("/clustertemplates", "clustertemplates");
      return found.map(({ name }) => text(name)).sort();
    },
  };
}

function clusterState(body: Record<string, unknown>, groups: readonly Record<string, unknown>[]): ClusterState {
  const faults = (body.faults ?? {}) as Record<string, unknown>;
  return {
    uuid: text(body.uuid),
    name: text(body.name),
    status: text(body.status),
    statusReason: text(body.status_reason),
    faults: Object.fromEntries(Object.entries(faults).map(([name, fault]) => [name, text(fault)])),
    apiAddress: text(body.api_address),
    groups: groups.map((group): GroupState => ({
      name: text(group.name),
      status: text(group.status),
      statusReason: text(group.status_reason),
      flavor: text(group.flavor_id),
      count: Number(group.node_count ?? 0),
    })),
  };
}

/**
 * Magnum's endpoint, without a slash at its end.
 * @throws Error when the catalog has none in the region
 */
export function endpointOf({ token }: Catalog, wanted: string, region: string): string {
  const services = (token?.catalog ?? []).filter(({ type }) => SERVICE_TYPES.includes(type));
  const endpoints = services.flatMap((service) => service.endpoints);
  const found = endpoints.find((end) => end.interface === wanted && (end.region_id ?? end.region) === region);
  if (found === undefined) {
    const seen = endpoints.map((end) => `${end.interface} in ${end.region_id ?? end.region}`).join(", ");
    throw new Error(
      `Keystone's catalog has no ${wanted} endpoint of Magnum in region ${region}; ` +
        (seen === "" ? "the cloud offers no Magnum" : `there are ${seen}: correct atlas-site:cluster region`),
    );
  }
  return found.url.replace(/\/+$/, "").replace(/(\/v1)?$/, "/v1");
}

function text(value: unknown): string {
  return value === undefined || value === null
    ? ""
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value as string);
}

function errorText({ status, body }: JsonAnswer): string {
  const given = body as { error?: { message?: string }; errors?: { detail?: string; title?: string }[] } | undefined;
  const first = given?.errors?.[0];
  return given?.error?.message ?? first?.detail ?? first?.title ?? `HTTP ${status}`;
}
