import { capabilities } from "../../../components/cluster/capabilities";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  jobSize,
  nodeRoom,
  scratchRoomMb,
  slotsOf,
  slotsPerNode,
  type JobSize,
  type NodeRoom,
} from "../../../components/harvester/capacity";
import { nodeDiskMb, nodeLoad } from "../../../components/features/features";
import type { Kubeadm, Queue } from "../../../stacks/site/site";
import { CVMFS, guestSite, harvesterSite, QUEUE } from "./harvesterSite";

const room: fc.Arbitrary<NodeRoom> = fc.record({
  cores: fc.integer({ min: 1, max: 256 }),
  cpuMilli: fc.integer({ min: -2000, max: 256_000 }),
  memoryMb: fc.integer({ min: -1000, max: 1_000_000 }),
  scratchMb: fc.integer({ min: -1000, max: 4_000_000 }),
  pods: fc.integer({ min: 0, max: 250 }),
});

const job: fc.Arbitrary<JobSize> = fc.record({
  cores: fc.integer({ min: 1, max: 64 }),
  cpuMilli: fc.integer({ min: 10, max: 64_000 }),
  memoryMb: fc.integer({ min: 1, max: 200_000 }),
  scratchMb: fc.integer({ min: 1, max: 800_000 }),
});

describe("slots of a node", () => {
  test("all fit, and one more would not", () => {
    fc.assert(
      fc.property(room, job, (node, size) => {
        const slots = slotsPerNode(node, size);
        const fit = (count: number) =>
          count * size.cores <= node.cores &&
          count * size.cpuMilli <= node.cpuMilli &&
          count * size.memoryMb <= node.memoryMb &&
          count * size.scratchMb <= node.scratchMb &&
          count <= node.pods;
        expect(slots === 0 || fit(slots)).toBe(true);
        expect(fit(slots + 1)).toBe(false);
      }),
    );
  });

  test("never grow with a larger job nor shrink with a larger node", () => {
    fc.assert(
      fc.property(room, job, fc.integer({ min: 1, max: 5 }), (node, size, factor) => {
        const larger = {
          cores: size.cores * factor,
          cpuMilli: size.cpuMilli * factor,
          memoryMb: size.memoryMb * factor,
          scratchMb: size.scratchMb * factor,
        };
        expect(slotsPerNode(node, larger)).toBeLessThanOrEqual(slotsPerNode(node, size));
        expect(
          slotsPerNode({ ...node, cpuMilli: node.cpuMilli + 1000, pods: node.pods + 1 }, size),
        ).toBeGreaterThanOrEqual(slotsPerNode(node, size));
      }),
    );
  });

  test("an 8-core node holds one 8-core job or eight of one core, since 90 % of a core is requested for a core", () => {
    const site = harvesterSite();
    const cluster = site.cluster as Kubeadm;
    const node = nodeRoom(nodeLoad(site), site.cloud!.pools.batch, cluster);
    expect(node).toEqual({ cores: 8, cpuMilli: 7500, memoryMb: 14_982, scratchMb: 62_000, pods: 107 });
    expect(slotsPerNode(node, jobSize(site.queues[QUEUE], 8))).toBe(1);
    expect(slotsPerNode(node, jobSize(site.queues[QUEUE], 1))).toBe(8);
    expect(slotsOf(nodeLoad(site), capabilities(site), site.queues[QUEUE])).toEqual({ oneCore: 16, largest: 2 });
  });

  test("of a cluster that is not the site's are nobody's to know", () => {
    expect(slotsOf(nodeLoad(guestSite()), capabilities(guestSite()), guestSite().queues[QUEUE])).toBeUndefined();
  });
});

describe("a job's size", () => {
  test("is the largest job's by the share of cores, never less", () => {
    const queues = fc.record({
      cores: fc.integer({ min: 1, max: 64 }),
      memoryMb: fc.integer({ min: 1, max: 200_000 }),
      scratchMb: fc.integer({ min: 1, max: 800_000 }),
      cpuRequestPercent: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(queues, fc.nat(), ({ cpuRequestPercent, ...largestJob }, pick) => {
        const cores = 1 + (pick % largestJob.cores);
        const size = jobSize({ largestJob, cpuRequestPercent } as Queue, cores);
        expect(size.cpuMilli).toBe(cores * cpuRequestPercent * 10);
        expect(size.memoryMb * largestJob.cores).toBeGreaterThanOrEqual(largestJob.memoryMb * cores);
        expect(size.scratchMb * largestJob.cores).toBeLessThan(largestJob.scratchMb * cores + largestJob.cores);
      }),
    );
  });
});

test("CVMFS' cache takes of the scratch's disk unless it has a volume of its own", () => {
  const pool = harvesterSite().cloud!.pools.batch;
  const left = (cvmfs: object) => scratchRoomMb(nodeDiskMb(harvesterSite({ cvmfs })), pool);
  expect(left(CVMFS.none)).toBe(62_000);
  expect(left(CVMFS.host)).toBe(42_000);
  expect(left(CVMFS.csi)).toBe(42_000);
  expect(left({ ...CVMFS.host, cacheVolumeGb: 50 })).toBe(62_000);
  expect(scratchRoomMb(nodeDiskMb(harvesterSite()), { ...pool, bootVolumeGb: 100 })).toBe(80_000);
});
