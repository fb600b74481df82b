/** Decisions on the squids: where they run, what they ask for, how clients reach them. */
import type { Squid } from "../../stacks/site/site";
import type { Resources } from "../kubernetes/resources";
import { poolPlacement, type Placement } from "../kubernetes/placement";
import { labelsOf } from "../kubernetes/names";
import type { Capabilities } from "../cluster/capabilities";
import type { SiteContext } from "../cluster/siteContext";

/** Port of SNMP, where WLCG's monitoring looks for it. */
export const SNMP_PORT = 3401;

/** Largest object that the memory cache keeps, in KiB: catalogs and small files, not the large ones. */
export const MEMORY_OBJECT_KB = 128;

/** How long a squid that was told to end still serves the requests it has, in seconds. */
export const SHUTDOWN_SECONDS = 20;

/** How long the kubelet waits for that, in seconds. */
export const GRACE_SECONDS = SHUTDOWN_SECONDS + 15;

/** User and group `proxy` of Debian and Ubuntu, where the image's squid comes from. */
export const SQUID_UID = 13;

/** Share of the volume that the cache may fill, in percent: the file system and squid's index need the rest. */
const CACHE_PERCENT = 85;

/** Memory of the index of each GB on disk, in MiB: squid's documentation says 14 on 64-bit machines. */
const INDEX_MB_PER_GB = 14;

/** Disk cache in MiB, which is squid's unit. */
export function cacheMegabytes(squid: Squid): number {
  return Math.floor((squid.cacheGb * 1024 * CACHE_PERCENT) / 100);
}

/** What one squid asks of its node. */
export function squidRequests(squid: Squid): Resources {
  return { cpuMilli: 250, memoryMb: 128 + squid.memoryMb + INDEX_MB_PER_GB * squid.cacheGb };
}

/** What squids need to know of their site. */
export interface SquidSite extends SiteContext {
  /** Whether the site has a Prometheus that reads the squids' metrics. */
  readonly monitored: boolean;
}

/** Nodes the squids may run on; undefined where the cluster's pools are unknown. */
function nodeCount({ nodePools }: Pick<Capabilities, "nodePools">, squid: Squid): number | undefined {
  return nodePools?.[squid.pool]?.count;
}

/** Label of the squids' pods. */
export const SQUID_LABELS = labelsOf("squid");

/** Where a squid may run. */
export interface SquidPlacement extends Placement {
  readonly topologySpreadConstraints: {
    readonly maxSkew: number;
    readonly topologyKey: string;
    readonly whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway";
    readonly labelSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  }[];
}

/** Machines of the pool, one squid on each as far as they reach: two on one machine end together. */
export function squidPlacement(capabilities: Pick<Capabilities, "nodePools">, squid: Squid): SquidPlacement {
  const machines = nodeCount(capabilities, squid);
  const enough = machines !== undefined && machines >= squid.replicas;
  return {
    ...poolPlacement(capabilities, squid.pool),
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: enough ? "DoNotSchedule" : "ScheduleAnyway",
        labelSelector: { matchLabels: SQUID_LABELS },
      },
    ],
  };
}

/**
 * Local keeps the client's address, for squid's rules and logs, but only machines with a squid answer. So it is for load
 * balancers, which ask the machines, and for pools that have a squid on every machine.
 */
export function trafficPolicy(capabilities: Pick<Capabilities, "nodePools">, squid: Squid): "Local" | "Cluster" {
  const machines = nodeCount(capabilities, squid);
  return squid.exposure === "loadBalancer" || (machines !== undefined && squid.replicas >= machines)
    ? "Local"
    : "Cluster";
}

const LAST_NODE_PORT = 32_767;

/** Ports of the nodes that lead to the squids. */
export interface SquidNodePorts {
  /** TCP, of the proxy. */
  readonly proxy: number;
  /** UDP, of SNMP; undefined when nobody may read it. */
  readonly snmp?: number;
}

/** Ports that a site's squids take on the nodes; undefined when they have no exposure. */
export function squidNodePorts(squid: Squid): SquidNodePorts | undefined {
  if (squid.exposure === "none") {
    return undefined;
  }
  const beside = squid.nodePort === LAST_NODE_PORT ? squid.nodePort - 1 : squid.nodePort + 1;
  return { proxy: squid.nodePort, ...(squid.snmpCidrs.length === 0 ? {} : { snmp: beside }) };
}
