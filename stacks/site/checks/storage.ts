/** Whether the volumes a site offers suffice for the claims its services make. */
import { SYSTEM_DISK_GB } from "../../../components/cluster/capacity";
import { capabilities } from "../../../components/cluster/capabilities";
import { claims } from "../../../components/features/features";
import type { Problem } from "../problem";
import type { Pool, Site } from "../site";
import type { Check } from "./check";

type LocalStorage = Extract<Site["storage"], { class: "local" }>;

/** A check on sites with local volumes on machines of their own. */
function localCheck(
  title: string,
  needs: readonly string[],
  run: (storage: LocalStorage, pool: Pool, site: Site) => Problem[],
): Check {
  return {
    title,
    needs: ["storage.class", "cluster.provisioner", ...needs],
    run: (site) => {
      const { storage } = site;
      const { machines } = capabilities(site);
      const pool = storage.class === "local" ? machines?.pools[storage.pool] : undefined;
      return storage.class !== "local" || pool === undefined ? [] : run(storage, pool, site);
    },
  };
}

function volumesOnServices(site: Site): Problem[] {
  const { storage } = site;
  if (storage.class !== "local") {
    return [];
  }
  const pools = capabilities(site).machines?.pools ?? {};
  const allowed = Object.entries(pools)
    .filter(([, { role }]) => role !== "batch")
    .map(([name]) => name);
  if (allowed.includes(storage.pool)) {
    return [];
  }
  const role = pools[storage.pool]?.role;
  return [
    {
      path: ["storage", "pool"],
      seen:
        role === undefined
          ? `got "${storage.pool}", which is no pool`
          : `got "${storage.pool}", a pool of role ${role}`,
      expected:
        allowed.length === 0
          ? "a pool with role services, and the site has no machines"
          : `one of: ${allowed.join(", ")}`,
      fix: allowed.length === 0 ? "use a class the cluster has: class existing" : "add a pool with role services",
    },
  ];
}

/** The driver reads the machine's id from OpenStack and attaches volumes to machines of the credentials' project. */
function cinderOnMachines(site: Site): Problem[] {
  return site.storage.class !== "cinder" || capabilities(site).cinderVolumes
    ? []
    : [
        {
          path: ["storage", "class"],
          seen: "got cinder on an existing cluster",
          expected: "machines in OpenStack that the site makes itself",
          fix: "use the class that cluster has: class existing",
        },
      ];
}

function podsWhereVolumesAre(storage: LocalStorage, _: Pool, site: Site): Problem[] {
  return (
    claims(site)
      .filter(({ pool }) => pool !== storage.pool)
      // Prometheus' pool is Alertmanager's: told once.
      .filter(({ poolPath }, i, all) => all.findIndex((other) => other.poolPath[0] === poolPath[0]) === i)
      .map(({ poolPath, pool }) => ({
        path: [...poolPath],
        seen: `got "${pool}"`,
        expected: `"${storage.pool}", the only pool with local volumes (storage.pool)`,
        fix: `write ${storage.pool}`,
      }))
  );
}

function claimsFitVolumes(storage: LocalStorage, { count: machines }: Pool, site: Site): Problem[] {
  const here = claims(site).filter(({ pool }) => pool === storage.pool);
  // Pods that are not spread may all meet on one machine, and a volume cannot follow them to another.
  const needed = here.reduce((sum, { count, spread }) => sum + (spread ? Math.ceil(count / machines) : count), 0);
  const tooFew: Problem[] =
    needed <= storage.volumesPerMachine
      ? []
      : [
          {
            path: ["storage", "volumesPerMachine"],
            seen: `got ${storage.volumesPerMachine}`,
            expected: `at least the ${needed} volumes that services may claim on one of ${machines} machines`,
            fix: `write ${needed}`,
          },
        ];
  const tooSmall = here
    .filter(({ sizeGb }) => sizeGb > storage.sizeGb)
    .map(({ sizePath, sizeGb }) => ({
      path: [...sizePath],
      seen: `got ${sizeGb}`,
      expected: `at most ${storage.sizeGb}, the size of a local volume (storage.sizeGb)`,
      fix: `raise storage.sizeGb to ${sizeGb}`,
    }));
  return [...tooFew, ...tooSmall];
}

function volumesFitDisk(storage: LocalStorage, { flavor, bootVolumeGb }: Pool): Problem[] {
  const disk = bootVolumeGb ?? flavor.diskGb;
  const most = Math.floor((disk - SYSTEM_DISK_GB) / storage.volumesPerMachine);
  return storage.sizeGb <= most
    ? []
    : [
        {
          path: ["storage", "sizeGb"],
          seen: `got ${storage.sizeGb} for each of ${storage.volumesPerMachine} volumes on a disk of ${disk} GB`,
          expected: `at most ${Math.max(0, most)}: system and images take ${SYSTEM_DISK_GB} GB`,
          fix: "use a larger disk, or fewer or smaller volumes",
        },
      ];
}

export const CLAIMS = [
  ...["cvmfs.mode", "cvmfs.squid.**", "harvester.mode", "harvester.pool", "harvester.database", "harvester.volumeGb"],
  ...["monitoring.mode", "monitoring.pool", "monitoring.volumeGb"],
];

/** Checks on storage. */
export const storageChecks: readonly Check[] = [
  {
    title: "local volumes lie on machines that run services",
    needs: ["storage.class", "storage.pool", "cluster.provisioner", "cloud.pools.*.role"],
    run: volumesOnServices,
  },
  {
    title: "Cinder volumes go to machines of the site's own",
    needs: ["storage.class", "cluster.provisioner"],
    run: cinderOnMachines,
  },
  localCheck("services run where their local volumes are", ["storage.pool", ...CLAIMS], podsWhereVolumesAre),
  localCheck(
    "local volumes suffice for what services claim",
    ["storage.pool", "storage.volumesPerMachine", "storage.sizeGb", "cloud.pools.*.count", ...CLAIMS],
    claimsFitVolumes,
  ),
  localCheck(
    "local volumes fit the machine's disk",
    [
      "storage.pool",
      "storage.volumesPerMachine",
      "storage.sizeGb",
      "cloud.pools.*.flavor.**",
      "cloud.pools.*.bootVolumeGb",
    ],
    volumesFitDisk,
  ),
];
