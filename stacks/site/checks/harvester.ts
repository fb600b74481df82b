/** Whether a Harvester inside the cluster finds its place, and whether finished Jobs are there as long as Harvester needs. */
import { nodeDiskMb } from "../../../components/features/features";
import { scratchRoomMb } from "../../../components/harvester/capacity";
import { ENDED_PODS_KEPT } from "../../../components/security/limits";
import type { Problem } from "../problem";
import type { Cloud, Site } from "../site";
import { cloudCheck, poolsOf, type Check } from "./check";
import { namespaceOwner } from "./namespaces";

/**
 * Jobs that end in an hour on a core, for a production mix: four fifths of the cores in 8-core jobs of 8 h, the rest in
 * 1-core jobs of 4 h. A site whose jobs are shorter needs shorter times than this lets through.
 */
const JOBS_A_CORE_HOUR = 0.0625;

/** Hours that a finished Job must be there: a Harvester that is away for a night still finds out what became of it. */
const LEAST_HOURS = 24;

function serviceOnServices(cloud: Cloud, { harvester }: Site): Problem[] {
  const pools = poolsOf(cloud);
  const allowed = pools.filter(([, { role }]) => role !== "batch").map(([name]) => name);
  if (harvester.mode === "remote" || allowed.includes(harvester.pool)) {
    return [];
  }
  const role = pools.find(([name]) => name === harvester.pool)?.[1].role;
  return [
    {
      path: ["harvester", "pool"],
      seen:
        role === undefined
          ? `got "${harvester.pool}", which is no pool`
          : `got "${harvester.pool}", a pool of role ${role}`,
      expected: `one of: ${allowed.join(", ")}`,
      fix: allowed.length === 1 ? `write ${allowed[0]}` : undefined,
    },
  ];
}

function serviceHasVolume({ harvester, storage }: Site): Problem[] {
  return harvester.mode === "remote" || storage.class !== "none"
    ? []
    : [
        {
          path: ["harvester", "mode"],
          seen: "got inCluster, which keeps its database on a volume, and storage.class is none",
          expected: "a storage class",
          fix: "write harvester.mode: remote, or give the site a storage class",
        },
      ];
}

function serviceNamespaceOwn({ harvester, queues }: Site): Problem[] {
  if (harvester.mode === "remote") {
    return [];
  }
  const { namespace } = harvester;
  const queue = Object.entries(queues).find(([, settings]) => settings.namespace === namespace)?.[0];
  const others = namespaceOwner(namespace) ?? (queue === undefined ? undefined : `which queue ${queue} has`);
  const taken = new Set(Object.values(queues).map((settings) => settings.namespace));
  const free = ["harvester-service", "harvester-of-the-site", "harvester-server"].find((name) => !taken.has(name));
  return others === undefined
    ? []
    : [
        {
          path: ["harvester", "namespace"],
          seen: `got "${namespace}", ${others}`,
          expected: "a namespace of its own: what runs there is none of the jobs'",
          fix: `write e.g. ${free ?? "a name no queue has"}`,
        },
      ];
}

function finishedStay({ queues }: Site): Problem[] {
  return Object.entries(queues)
    .filter(([, { keepFinishedHours }]) => keepFinishedHours < LEAST_HOURS)
    .map(([name, { keepFinishedHours }]) => ({
      path: ["queues", name, "keepFinishedHours"],
      seen: `got ${keepFinishedHours}: a Job that Harvester no longer finds counts as cancelled`,
      expected: `at least ${LEAST_HOURS}`,
      fix: `write ${LEAST_HOURS}`,
    }));
}

/** A pool's cores are one pool's, however many queues share them; the longest of their times counts. */
function finishedAreKept(cloud: Cloud, { queues }: Site): Problem[] {
  const served = poolsOf(cloud).flatMap(([name, { count, flavor }]) => {
    const own = Object.entries(queues).filter(([, queue]) => queue.pool === name);
    const [longest] = own.sort(([, one], [, other]) => other.keepFinishedHours - one.keepFinishedHours);
    return longest === undefined ? [] : [{ cores: count * flavor.vcpus, longest }];
  });
  const kept = ({ cores, longest: [, queue] }: (typeof served)[number]) =>
    cores * JOBS_A_CORE_HOUR * queue.keepFinishedHours;
  const sum = Math.ceil(served.reduce((total, pool) => total + kept(pool), 0));
  const [most] = served.sort((one, other) => kept(other) - kept(one));
  if (most === undefined || sum <= ENDED_PODS_KEPT) {
    return [];
  }
  const [name, queue] = most.longest;
  const [first, ...others] = served;
  const rest = others.reduce((total, pool) => total + kept(pool), 0);
  const hours = Math.floor((ENDED_PODS_KEPT - rest) / ((first?.cores ?? 1) * JOBS_A_CORE_HOUR));
  return [
    {
      path: ["queues", name, "keepFinishedHours"],
      seen: `got ${queue.keepFinishedHours}: with a production mix of jobs some ${sum} finished pods would be there`,
      expected: `at most ${ENDED_PODS_KEPT} in all, since Kubernetes removes more before their time`,
      fix: hours >= LEAST_HOURS ? `write ${hours}` : "make the pool smaller; this site is too large for one cluster",
    },
  ];
}

function scratchFits(cloud: Cloud, site: Site): Problem[] {
  return Object.entries(site.queues).flatMap(([name, { pool: poolName, largestJob }]) => {
    const pool = poolsOf(cloud).find(([candidate]) => candidate === poolName)?.[1];
    const room = pool === undefined ? Infinity : scratchRoomMb(nodeDiskMb(site), pool);
    return largestJob.scratchMb <= room
      ? []
      : [
          {
            path: ["queues", name, "largestJob", "scratchMb"],
            seen: `got ${largestJob.scratchMb}, and the disk of pool ${poolName} leaves ${room} beside system, images and CVMFS' cache`,
            expected: `at most ${Math.max(0, room)}`,
            fix: "use a larger disk",
          },
        ];
  });
}

/** Checks on Harvester and on what it needs of the queues. */
export const harvesterChecks: readonly Check[] = [
  cloudCheck(
    "a Harvester inside the cluster runs on machines for services",
    ["harvester.mode", "harvester.pool", "cloud.pools.*.role"],
    serviceOnServices,
  ),
  {
    title: "a Harvester inside the cluster has a volume",
    needs: ["harvester.mode", "storage.class"],
    run: serviceHasVolume,
  },
  {
    title: "a Harvester inside the cluster has a namespace of its own",
    needs: ["harvester.mode", "harvester.namespace", "queues.*.namespace"],
    run: serviceNamespaceOwn,
  },
  {
    title: "finished Jobs stay until Harvester has seen them",
    needs: ["queues.*.keepFinishedHours"],
    run: finishedStay,
  },
  cloudCheck(
    "finished Jobs are no more than Kubernetes keeps",
    ["queues.*.keepFinishedHours", "queues.*.pool", "cloud.pools.*.count", "cloud.pools.*.flavor.**"],
    finishedAreKept,
  ),
  cloudCheck(
    "the largest job's scratch fits the machine's disk",
    [
      "queues.*.pool",
      "queues.*.largestJob.**",
      "cloud.pools.*.flavor.**",
      "cloud.pools.*.bootVolumeGb",
      "cvmfs.mode",
      "cvmfs.cacheQuotaMb",
      "cvmfs.cacheVolumeGb",
    ],
    scratchFits,
  ),
];
