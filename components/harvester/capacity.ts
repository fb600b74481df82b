/** How many jobs a queue's machines hold. Pure arithmetic; parameters for PanDA and the cross-checks stand on it. */
import type { Queue } from "../../stacks/site/site";
import type { Capabilities, NodePool, NodeSettings } from "../cluster/capabilities";
import { allocatable, batchReserved, type NodeLoad, SYSTEM_DISK_GB } from "../cluster/capacity";

/** What an empty node offers to jobs. */
export interface NodeRoom {
  /** Cores of the machine: a share of a core is requested, but a job that runs takes a whole one. */
  readonly cores: number;
  /** Thousandths of a core. */
  readonly cpuMilli: number;
  /** MiB. */
  readonly memoryMb: number;
  /** MB of ephemeral storage. */
  readonly scratchMb: number;
  /** Pods beside those that run on every node. */
  readonly pods: number;
}

/** What Harvester requests for a job; the units of `NodeRoom`. */
export interface JobSize {
  readonly cores: number;
  readonly cpuMilli: number;
  readonly memoryMb: number;
  readonly scratchMb: number;
}

/** Share of a node's disk below which the kubelet evicts pods: Kubernetes' default. */
const EVICTION_DISK_PERCENT = 10;

/** What an empty node of a pool offers to jobs. */
export function nodeRoom(
  { daemons, diskMb, hostMemoryMb }: NodeLoad,
  pool: Pick<NodePool, "flavor" | "bootVolumeGb">,
  settings: Pick<NodeSettings, "reserved" | "maxPods">,
): NodeRoom {
  const { cpuMilli, memoryMb } = allocatable(pool.flavor, batchReserved(settings.reserved, hostMemoryMb), daemons);
  return {
    cores: pool.flavor.vcpus,
    cpuMilli,
    memoryMb,
    scratchMb: scratchRoomMb(diskMb, pool),
    pods: settings.maxPods - daemons.length,
  };
}

/**
 * MB of a machine's disk that are left for jobs' scratch. The scheduler assumes more, since it does not know what lies beside
 * it on that disk; a node that is full evicts.
 * @param takenMb what the site's features keep on that disk
 */
export function scratchRoomMb(
  takenMb: number,
  { bootVolumeGb, flavor }: Pick<NodePool, "bootVolumeGb" | "flavor">,
): number {
  const disk = (bootVolumeGb ?? flavor.diskGb) * 10 * (100 - EVICTION_DISK_PERCENT);
  return disk - SYSTEM_DISK_GB * 1000 - takenMb;
}

/**
 * What a job of some cores asks for: Harvester requests a share of each core, and of memory and scratch what falls to the
 * job of the largest job's.
 */
export function jobSize({ largestJob, cpuRequestPercent }: Queue, cores: number): JobSize {
  const share = (whole: number) => Math.ceil((whole * cores) / largestJob.cores);
  return {
    cores,
    cpuMilli: cores * cpuRequestPercent * 10,
    memoryMb: share(largestJob.memoryMb),
    scratchMb: share(largestJob.scratchMb),
  };
}

/**
 * Jobs of one size that fit an empty node; never negative, and never more than it has cores for: by requests of 90 % a node of
 * 36 cores would take 39 one-core jobs, each of which got less than it is accounted for.
 */
export function slotsPerNode(room: NodeRoom, job: JobSize): number {
  const fits = [
    ...[room.cores / job.cores, room.cpuMilli / job.cpuMilli],
    ...[room.memoryMb / job.memoryMb, room.scratchMb / job.scratchMb, room.pods],
  ];
  return Math.max(0, Math.floor(Math.min(...fits)));
}

/** How many jobs of a queue run at once. */
export interface Slots {
  /** Jobs of one core, if only they run. */
  readonly oneCore: number;
  /** Largest jobs, if only they run. */
  readonly largest: number;
}

/** Slots of a queue; undefined where size or settings of its nodes are unknown. */
export function slotsOf(
  load: NodeLoad,
  { nodePools, nodes }: Pick<Capabilities, "nodePools" | "nodes">,
  queue: Queue,
): Slots | undefined {
  const pool = nodePools?.[queue.pool];
  if (pool === undefined || nodes === undefined) {
    return undefined;
  }
  const room = nodeRoom(load, pool, nodes);
  const all = (cores: number) => pool.count * slotsPerNode(room, jobSize(queue, cores));
  return { oneCore: all(1), largest: all(queue.largestJob.cores) };
}
