/** Whether each queue has a place of its own and its largest job fits an empty node. */
import { allocatable, batchReserved } from "../../../components/cluster/capacity";
import { daemons, hostMemoryMb } from "../../../components/features/features";
import { capabilities, type NodePool, type NodeSettings } from "../../../components/cluster/capabilities";
import { nearest } from "../nearest";
import type { Problem } from "../problem";
import { namespaceOwner } from "./namespaces";
import type { Queue, Site } from "../site";
import { type Check, poolCheck, type NodePools } from "./check";
import type { Resources } from "../../../components/kubernetes/resources";

function queuesOf(site: Site): [string, Queue][] {
  return Object.entries(site.queues);
}

/** A namespace for a queue that nothing else of the site has, after the queue's name. */
function freeNamespace(site: Site, queue: string): string {
  const base = queue.toLowerCase().replaceAll("_", "-").slice(0, 37);
  const taken = new Set(Object.values(site.queues).map(({ namespace }) => namespace));
  const harvester = site.harvester.mode === "inCluster" ? site.harvester.namespace : undefined;
  const free = (name: string) => !taken.has(name) && name !== harvester && namespaceOwner(name) === undefined;
  const numbered = (n: number): string => (free(`${base}-${n}`) ? `${base}-${n}` : numbered(n + 1));
  return free(base) ? base : numbered(2);
}

/** A namespace is the border of a queue's rights and quota, so it is shared with nothing. */
function namespacesOwn(site: Site): Problem[] {
  return queuesOf(site).flatMap(([name, queue], i) => {
    const path = ["queues", name, "namespace"];
    const expected = "a namespace of its own";
    const fix = `write e.g. ${freeNamespace(site, name)}`;
    const owner = namespaceOwner(queue.namespace);
    if (owner !== undefined) {
      return [{ path, seen: `got "${queue.namespace}", ${owner}`, expected, fix }];
    }
    const other = queuesOf(site)
      .slice(0, i)
      .find(([, earlier]) => earlier.namespace === queue.namespace);
    return other === undefined
      ? []
      : [{ path, seen: `got "${queue.namespace}", which queue ${other[0]} has already`, expected, fix }];
  });
}

function poolForJobs(pools: NodePools, site: Site): Problem[] {
  const batch = pools.filter(([, pool]) => pool.role === "batch").map(([name]) => name);
  return queuesOf(site)
    .filter(([, queue]) => !batch.includes(queue.pool))
    .map(([name, queue]) => {
      const role = pools.find(([pool]) => pool === queue.pool)?.[1].role;
      const meant = nearest(queue.pool, batch) ?? (batch.length === 1 ? batch[0] : undefined);
      return {
        path: ["queues", name, "pool"],
        seen:
          role === undefined ? `got "${queue.pool}", which is no pool` : `got "${queue.pool}", a pool of role ${role}`,
        expected: batch.length === 0 ? "a pool with role batch, and there is none" : `one of: ${batch.join(", ")}`,
        fix: meant === undefined ? undefined : `did you mean "${meant}"?`,
      };
    });
}

/** Cores as people write them: 7.2 for 7200. */
function cores(milli: number): string {
  return String(milli / 1000);
}

/** What a queue's largest job asks of a node: Harvester requests a share of each core, and all of the memory. */
function jobRequest(queue: Queue): Resources {
  const { largestJob, cpuRequestPercent } = queue;
  return { cpuMilli: largestJob.cores * cpuRequestPercent * 10, memoryMb: largestJob.memoryMb };
}

function jobFits(name: string, queue: Queue, pool: NodePool, nodes: NodeSettings, site: Site): Problem[] {
  const request = jobRequest(queue);
  const left = allocatable(pool.flavor, batchReserved(nodes.reserved, hostMemoryMb(site)), daemons(site));
  const { cores: jobCores, memoryMb } = queue.largestJob;
  const problems: Problem[] = [];
  const most = Math.min(pool.flavor.vcpus, Math.floor(left.cpuMilli / (queue.cpuRequestPercent * 10)));
  if (jobCores > most) {
    const percent = Math.floor(left.cpuMilli / (jobCores * 10));
    const ratio = percent >= 1 && jobCores <= pool.flavor.vcpus ? `, or cpuRequestPercent of at most ${percent}` : "";
    problems.push({
      path: ["queues", name, "largestJob", "cores"],
      seen:
        `got ${jobCores}: Harvester requests ${cores(request.cpuMilli)} cores (${queue.cpuRequestPercent} %), ` +
        `and an empty node of pool ${queue.pool} (${pool.flavor.vcpus} cores) leaves ${cores(left.cpuMilli)}`,
      expected: `at most ${Math.max(0, most)}`,
      fix: `use a larger flavor, smaller cluster.reserved${ratio}`,
    });
  }
  if (memoryMb > left.memoryMb) {
    problems.push({
      path: ["queues", name, "largestJob", "memoryMb"],
      seen: `got ${memoryMb}, and an empty node of pool ${queue.pool} (${pool.flavor.ramMb} MiB) leaves ${left.memoryMb}`,
      expected: `at most ${Math.max(0, left.memoryMb)}`,
      fix: "use a larger flavor or smaller cluster.reserved",
    });
  }
  return problems;
}

/** Checks on queues. */
export const queueChecks: readonly Check[] = [
  {
    title: "each queue has a namespace of its own",
    needs: ["queues.*.namespace", "harvester.mode", "harvester.namespace"],
    run: namespacesOwn,
  },
  poolCheck(
    "each queue runs on a batch pool",
    ["queues.*.pool", "cloud.pools.*.role", "cluster.pools.*.role"],
    poolForJobs,
  ),
  poolCheck(
    "the largest job of each queue fits an empty node",
    [
      "cluster.reserved.**",
      "network.plugin",
      "network.policyEngine",
      "cvmfs.mode",
      "cvmfs.repositories.**",
      "monitoring.mode",
      "logs.mode",
      "cloud.pools.*.flavor.**",
      "queues.*.pool",
      "queues.*.cpuRequestPercent",
      "queues.*.largestJob.**",
    ],
    (pools, site) => {
      const { nodes } = capabilities(site);
      return queuesOf(site).flatMap(([name, queue]) => {
        const pool = pools.find(([poolName]) => poolName === queue.pool)?.[1];
        return pool === undefined || nodes === undefined ? [] : jobFits(name, queue, pool, nodes, site);
      });
    },
  ),
];
