/** What a site comes to, as a page for its administrator: machines, capacity, objects by namespace. */
import { planPools } from "../../../components/cloud/plan";
import { capabilities } from "../../../components/cluster/capabilities";
import { nodeLoad } from "../../../components/features/features";
import { slotsOf } from "../../../components/harvester/capacity";
import { checks } from "../checks";
import type { Cloud, Site } from "../site";
import type { Properties } from "./properties";
import type { ProgramRun } from "./programRun";
import type { Request } from "./recorder";

/** Columns as wide as their widest cell, two spaces apart. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`), ""];
}

function gib(mib: number): string {
  return `${Math.round(mib / 1024)} GiB`;
}

/** One line a pool, and their sum. */
function machineLines(site: Site, cloud: Cloud): string[] {
  const pools = planPools(site.site.name, cloud).flatMap(({ name, role, machines }) => {
    const [one] = machines;
    if (one === undefined) {
      return [];
    }
    const { flavor, address: first } = one;
    const last = machines.at(-1)?.address ?? first;
    return {
      count: machines.length,
      cores: machines.length * flavor.vcpus,
      ramMb: machines.length * flavor.ramMb,
      cells: [name, role, flavor.name, first === last ? first : `${first} – ${last}`],
    };
  });
  const sum = (size: (pool: (typeof pools)[number]) => number) => pools.reduce((total, pool) => total + size(pool), 0);
  return columns([
    ["pool", "role", "flavor", "addresses", "machines", "cores", "memory"],
    ...pools.map(({ cells, count, cores, ramMb }) => [...cells, String(count), String(cores), gib(ramMb)]),
    [
      "all",
      "",
      "",
      "",
      String(sum(({ count }) => count)),
      String(sum(({ cores }) => cores)),
      gib(sum(({ ramMb }) => ramMb)),
    ],
  ]);
}

/** One line a queue: what runs at once when all jobs are of one kind. */
function queueLines(site: Site): string[] {
  const load = nodeLoad(site);
  const rows = Object.entries(site.queues).map(([name, queue]) => {
    const { namespace, pool, largestJob } = queue;
    const slots = slotsOf(load, capabilities(site), queue);
    return [
      name,
      namespace,
      pool,
      slots === undefined ? "unknown" : String(slots.oneCore),
      slots === undefined ? "unknown" : `${slots.largest} of ${largestJob.cores} cores`,
    ];
  });
  return rows.length === 0
    ? ["none"]
    : columns([["queue", "namespace", "pool", "1-core jobs at once", "or largest jobs"], ...rows]);
}

function count<T>(items: readonly T[], key: (item: T) => string): [string, number][] {
  const counts = new Map<string, number>();
  items.forEach((item) => counts.set(key(item), (counts.get(key(item)) ?? 0) + 1));
  return [...counts].sort(([one], [other]) => one.localeCompare(other));
}

function kindOf({ type }: Request): string {
  return type.split(":").at(-1) ?? type;
}

function namespaceOf({ inputs }: Request): string {
  return ((inputs.metadata as Properties | undefined)?.namespace as string | undefined) ?? "(whole cluster)";
}

/** One line a namespace: how many objects of each kind. */
function objectLines(requests: readonly Request[]): string[] {
  const objects = requests.filter(({ type }) => type.startsWith("kubernetes:"));
  const rows = count(objects, namespaceOf).map(([namespace, number]) => {
    const inside = objects.filter((object) => namespaceOf(object) === namespace);
    const kinds = count(inside, kindOf).map(([kind, many]) => (many === 1 ? kind : `${many} ${kind}`));
    return [namespace, String(number), kinds.join(", ")];
  });
  return columns([["namespace", "objects", "kinds"], ...rows]);
}

function cloudLines(requests: readonly Request[]): string[] {
  const resources = requests.filter(({ type }) => type.startsWith("openstack:"));
  return resources.length === 0
    ? ["none: the machines are somebody else's"]
    : columns(count(resources, kindOf).map(([kind, number]) => [kind, String(number)]));
}

const REPLACEMENT = {
  generation: "by raising the generation of their pool",
  external: "outside this program",
} as const;

function choiceLines(site: Site, apiUrl: unknown): string[] {
  const { network, storage, cvmfs, harvester } = site;
  const { title, machines, nodeReplacement } = capabilities(site);
  const lazy = Object.entries(machines?.pools ?? {}).filter(([, pool]) => pool.lazyImages !== "none");
  return columns([
    ["cluster", title],
    ["nodes", `replaced ${REPLACEMENT[nodeReplacement]}`],
    ["API", machines === undefined ? String(apiUrl) : endpointText(machines)],
    ["pod network", `${network.plugin}, pods ${network.podCidr}, services ${network.serviceCidr}`],
    ["policy engine", network.policyEngine],
    ["storage", storage.class],
    ["CVMFS", cvmfs.mode],
    ["lazy images", lazy.length === 0 ? "none" : lazy.map(([name]) => `pool ${name}`).join(", ")],
    ["Harvester", harvester.mode === "remote" ? "remote" : `in the cluster, ${harvester.database}`],
  ]);
}

/** A floating IP is known only once the cloud has given one, so the kind of endpoint is all there is to tell. */
function endpointText({ apiEndpoint: { kind, floatingIp } }: Cloud): string {
  return floatingIp ? `${kind} with a floating IP` : kind;
}

/**
 * The plan of a site as text.
 * @param site that has passed its checks
 * @param run of the program on it
 */
export function planText(site: Site, { recording, outputs }: ProgramRun): string {
  const { requests } = recording;
  const { machines } = capabilities(site);
  const components = requests.filter(({ custom }) => !custom).length;
  return [
    ...section(`Site ${site.site.name}`, choiceLines(site, outputs.apiUrl?.value)),
    ...(machines === undefined ? [] : section("Machines", machineLines(site, machines))),
    ...section("Queues", queueLines(site)),
    ...section("Objects in the cluster", objectLines(requests)),
    ...section("Resources in the cloud", cloudLines(requests)),
    `${requests.length} resources, ${components} of them components; all ${checks.length} checks of the site file passed.`,
    "",
  ].join("\n");
}
