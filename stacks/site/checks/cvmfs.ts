/** Whether CVMFS finds its proxies, its cache has room, and what is asked of it goes together. */
import { SYSTEM_DISK_GB } from "../../../components/cluster/capacity";
import { capabilities } from "../../../components/cluster/capabilities";
import type { Problem } from "../problem";
import type { Cloud, Cvmfs, Pool, Site } from "../site";
import { cloudCheck, poolsOf, when, type Check } from "./check";

type Client = Exclude<Cvmfs, { mode: "none" }>;
type Squid = NonNullable<Client["squid"]>;

/** Clients that may go to the servers directly, by CVMFS' documentation; more are a burden on everybody's servers. */
const mostDirectClients = 4;

/** Largest number of open files that systemd lets a service have; the client's mounts fail above it. */
const mostOpenFiles = 524_288;

/** Parameters of the client that other keys of the section decide. */
const ownedParameters: Readonly<Record<string, string>> = {
  CVMFS_REPOSITORIES: "cvmfs.repositories",
  CVMFS_HTTP_PROXY: "cvmfs.squid and cvmfs.proxies",
  CVMFS_QUOTA_LIMIT: "cvmfs.cacheQuotaMb",
  CVMFS_CACHE_BASE: "cvmfs.cacheVolumeGb or cvmfs.cacheDirectory",
};

/** The section of a site whose clients the program configures: in pods, or on hosts that boot with its user data. */
function clientOf(site: Site): Client | undefined {
  const { cvmfs } = site;
  const ownHosts = capabilities(site).machines !== undefined;
  return cvmfs.mode === "none" || (cvmfs.mode === "host" && !ownHosts) ? undefined : cvmfs;
}

function squidOf({ cvmfs }: Site): Squid | undefined {
  return cvmfs.mode === "none" ? undefined : cvmfs.squid;
}

function hasProxy(site: Site): Problem[] {
  const cvmfs = clientOf(site);
  return when(cvmfs !== undefined && cvmfs.squid === undefined && cvmfs.proxies.length === 0, {
    path: ["cvmfs", "proxies"],
    seen: "got none, and the site has no squid",
    expected: "a way to the repositories: squids of the site's own, or proxies",
    fix: "add cvmfs.squid with a pool, or write e.g. proxies: [http://squid.example:3128]",
  });
}

function directForFewOnly(cloud: Cloud, site: Site): Problem[] {
  const machines = poolsOf(cloud).reduce((sum, [, pool]) => sum + (pool.role === "batch" ? pool.count : 0), 0);
  const proxies = clientOf(site)?.proxies ?? [];
  const index = proxies.indexOf("DIRECT");
  return when(index !== -1 && machines > mostDirectClients, {
    path: ["cvmfs", "proxies", index],
    seen: `got "DIRECT" for ${machines} batch machines`,
    expected: `at most ${mostDirectClients} machines that go to CVMFS' servers directly`,
    fix: "remove it, and add a squid of the site's own or another proxy",
  });
}

function squidsOnServices(cloud: Cloud, site: Site): Problem[] {
  const squid = squidOf(site);
  if (squid === undefined) {
    return [];
  }
  const allowed = poolsOf(cloud)
    .filter(([, { role }]) => role !== "batch")
    .map(([name]) => name);
  const role = cloud.pools[squid.pool]?.role;
  return when(!allowed.includes(squid.pool), {
    path: ["cvmfs", "squid", "pool"],
    seen: role === undefined ? `got "${squid.pool}", which is no pool` : `got "${squid.pool}", a pool of role ${role}`,
    expected: `one of: ${allowed.join(", ")}`,
    fix: "add a pool with role services for them",
  });
}

function squidsHaveVolumes(site: Site): Problem[] {
  return when(squidOf(site) !== undefined && site.storage.class === "none", {
    path: ["storage", "class"],
    seen: "got none, and each squid keeps its cache on a volume",
    expected: "local, cinder or existing",
    fix: "write e.g. storage: { class: local, pool: services, sizeGb: 50 }",
  });
}

function hostsReachSquids(_: Cloud, site: Site): Problem[] {
  const squid = squidOf(site);
  return when(site.cvmfs.mode === "host" && squid?.exposure === "none", {
    path: ["cvmfs", "squid", "exposure"],
    seen: "got none, and the clients are on hosts, outside the pod network",
    expected: "nodePort",
    fix: "write exposure: nodePort",
  });
}

/** Something must make the load balancer that a Service asks for, and the program brings no such controller. */
function createsLoadBalancer(site: Site): Problem[] {
  return when(squidOf(site)?.exposure === "loadBalancer" && !capabilities(site).serviceLoadBalancers, {
    path: ["cvmfs", "squid", "exposure"],
    seen: "got loadBalancer on a cluster that has no controller for load balancers",
    expected: "none or nodePort; loadBalancer on an existing cluster that has one",
    fix: "write exposure: nodePort",
  });
}

/** Scratch in GB of the jobs that can be on one machine at once: that of the queue that takes most. */
function scratchGb(site: Site, poolName: string, pool: Pool): number {
  const queues = Object.values(site.queues).filter((queue) => queue.pool === poolName);
  const each = queues.map(
    ({ largestJob: { cores, scratchMb } }) => (Math.floor(pool.flavor.vcpus / cores) * scratchMb) / 1000,
  );
  return Math.max(0, ...each);
}

/** CVMFS' documentation wants a fifth of the disk and 1 GB free beside the cache, or it fills up while it cleans. */
function cacheFits(cloud: Cloud, site: Site): Problem[] {
  const cvmfs = clientOf(site);
  if (cvmfs === undefined) {
    return [];
  }
  const path = ["cvmfs", "cacheQuotaMb"];
  const most = (room: number) => Math.max(0, Math.floor(((room - 1) / 1.25) * 1000));
  if (cvmfs.mode === "host" && cvmfs.cacheVolumeGb !== undefined) {
    const { cacheVolumeGb } = cvmfs;
    return when(cvmfs.cacheQuotaMb > most(cacheVolumeGb), {
      path,
      seen: `got ${cvmfs.cacheQuotaMb} on a volume of ${cacheVolumeGb} GB`,
      expected: `at most ${most(cacheVolumeGb)}: a fifth of the volume and 1 GB stay free`,
      fix: `raise cvmfs.cacheVolumeGb to ${Math.ceil((cvmfs.cacheQuotaMb / 1000) * 1.25 + 1)}`,
    });
  }
  return poolsOf(cloud)
    .filter(([, { role }]) => role === "batch")
    .flatMap(([name, pool]) => {
      const disk = pool.bootVolumeGb ?? pool.flavor.diskGb;
      const scratch = scratchGb(site, name, pool);
      const room = disk - SYSTEM_DISK_GB - scratch;
      return when(cvmfs.cacheQuotaMb > most(room), {
        path,
        seen:
          `got ${cvmfs.cacheQuotaMb}, and the disk of pool ${name} (${disk} GB) leaves ${Math.floor(room)} GB beside ` +
          `${SYSTEM_DISK_GB} for the system and ${Math.ceil(scratch)} for jobs`,
        expected: `at most ${most(room)}: a fifth of that and 1 GB stay free`,
        fix:
          cvmfs.mode === "host"
            ? "give the cache a volume of its own (cvmfs.cacheVolumeGb) or the machines a larger disk"
            : "give the machines a larger disk, or jobs less scratch",
      });
    });
}

/** Parameters that the client reads before any file of the site, by what is to be done instead. */
const earlyParameters: Readonly<Record<string, string>> = {
  CVMFS_CONFIG_REPOSITORY: "remove it: the configuration repository comes with the package cvmfs-config-default",
  CVMFS_CONFIG_REPO_REQUIRED: "remove it: the site's mounts require the configuration repository anyway",
};

function parametersOfTheirOwn(site: Site): Problem[] {
  const parameters = site.cvmfs.mode === "none" ? {} : site.cvmfs.parameters;
  return Object.entries(parameters).flatMap(([parameter, value]) => {
    const path = ["cvmfs", "parameters", parameter];
    const owner = ownedParameters[parameter];
    return [
      ...when(owner !== undefined, {
        path,
        seen: `got a parameter that ${owner} decides`,
        expected: "one that no other key decides",
        fix: `remove it and set ${owner}`,
      }),
      ...when(parameter in earlyParameters, {
        path,
        seen: "got a parameter that the client reads in /etc/cvmfs/default.d alone",
        expected: "one that has an effect in /etc/cvmfs/config.d",
        fix: earlyParameters[parameter],
      }),
      ...when(parameter === "CVMFS_NFILES" && !(Number(value) <= mostOpenFiles), {
        path,
        seen: `got ${value}`,
        expected: `at most ${mostOpenFiles} open files, or every mount fails`,
        fix: "remove it: the client's own default suits",
      }),
    ];
  });
}

/** Checks on CVMFS. */
export const cvmfsChecks: readonly Check[] = [
  {
    title: "CVMFS has a proxy",
    needs: ["cvmfs.mode", "cvmfs.squid", "cvmfs.proxies", "cluster.provisioner", "cloud"],
    run: hasProxy,
  },
  cloudCheck(
    "few machines go to CVMFS' servers directly",
    ["cvmfs.mode", "cvmfs.proxies.**", "cluster.provisioner", "cloud.pools.*.role", "cloud.pools.*.count"],
    directForFewOnly,
  ),
  cloudCheck(
    "squids run on a pool for services",
    ["cvmfs.mode", "cvmfs.squid.pool", "cloud.pools.*.role"],
    squidsOnServices,
  ),
  { title: "squids have volumes", needs: ["cvmfs.mode", "cvmfs.squid", "storage.class"], run: squidsHaveVolumes },
  cloudCheck("clients on hosts reach the squids", ["cvmfs.mode", "cvmfs.squid.exposure"], hostsReachSquids),
  {
    title: "a load balancer for squids has somebody who makes it",
    needs: ["cvmfs.mode", "cvmfs.squid.exposure", "cluster.provisioner"],
    run: createsLoadBalancer,
  },
  cloudCheck(
    "the CVMFS cache fits its disk",
    [
      "cluster.provisioner",
      "cvmfs.mode",
      "cvmfs.cacheQuotaMb",
      "cvmfs.cacheVolumeGb",
      "cloud.pools.*.role",
      "cloud.pools.*.flavor.**",
      "cloud.pools.*.bootVolumeGb",
      "queues.*.pool",
      "queues.*.largestJob.**",
    ],
    cacheFits,
  ),
  {
    title: "CVMFS parameters are nobody else's",
    needs: ["cvmfs.mode", "cvmfs.parameters.**"],
    run: parametersOfTheirOwn,
  },
];
