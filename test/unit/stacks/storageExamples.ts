/** Examples of the cross-checks on storage. */
import { pool, type Example } from "./exampleParts";

const services = { ...pool, count: 2, flavor: { name: "m1", vcpus: 4, ramMb: 8192, diskGb: 120 } };
const local = { class: "local", pool: "services", volumesPerMachine: 2, sizeGb: 50 };
const squid = { replicas: 2, pool: "services", cacheGb: 50, exposure: "nodePort" };
const harvester = { mode: "inCluster", harvesterId: "lab", pool: "services", volumeGb: 50 };

const monitoring = { mode: "prometheus", pool: "services" };

const VOLUMES = {
  "cloud.pools.services": services,
  storage: local,
  cvmfs: { mode: "host", squid },
  harvester,
};

/** The small site with squids and a Harvester on local volumes, two on each of two machines; changes are laid over a copy. */
const withVolumes = (changes: Record<string, unknown> = {}) => ({
  ...structuredClone(VOLUMES),
  ...changes,
});

/** One failing and one passing change of the small site for each. */
export const storageExamples: readonly Example[] = [
  {
    check: "local volumes lie on machines that run services",
    fails: { storage: { ...local, pool: "batch" } },
    says: ['storage.pool: got "batch", a pool of role batch, expected one of: control; add a pool with role services'],
    passes: { storage: { ...local, pool: "control" } },
  },
  {
    check: "local volumes lie on machines that run services",
    fails: { storage: local, cloud: undefined, cluster: { provisioner: "existing", identifier: "hired" } },
    says: [
      'storage.pool: got "services", which is no pool, expected a pool with role services, and the site has no machines; ' +
        "use a class the cluster has: class existing",
    ],
    passes: { storage: { class: "existing", name: "fast" }, cloud: undefined },
  },
  {
    check: "Cinder volumes go to machines of the site's own",
    fails: { storage: { class: "cinder" }, cluster: { provisioner: "existing", identifier: "hired" } },
    says: [
      "storage.class: got cinder on an existing cluster, expected machines in OpenStack that the site makes itself; " +
        "use the class that cluster has: class existing",
    ],
    passes: { storage: { class: "cinder" } },
  },
  {
    check: "services run where their local volumes are",
    fails: withVolumes({ "cvmfs.squid.pool": "control", "harvester.pool": "control" }),
    says: [
      'cvmfs.squid.pool: got "control", expected "services", the only pool with local volumes (storage.pool); ' +
        "write services",
      'harvester.pool: got "control", expected "services", the only pool with local volumes (storage.pool); write services',
    ],
    passes: withVolumes(),
  },
  {
    // Two squids on two machines are one a machine; Harvester and its database may both be on one.
    check: "local volumes suffice for what services claim",
    fails: withVolumes({ "harvester.database": "mariadb" }),
    says: [
      "storage.volumesPerMachine: got 2, expected at least the 3 volumes that services may claim on one of 2 machines; " +
        "write 3",
    ],
    passes: withVolumes(),
  },
  {
    check: "local volumes suffice for what services claim",
    fails: withVolumes({ "cvmfs.squid.cacheGb": 51, "harvester.volumeGb": 60 }),
    says: [
      "cvmfs.squid.cacheGb: got 51, expected at most 50, the size of a local volume (storage.sizeGb); " +
        "raise storage.sizeGb to 51",
      "harvester.volumeGb: got 60, expected at most 50, the size of a local volume (storage.sizeGb); " +
        "raise storage.sizeGb to 60",
    ],
    passes: withVolumes(),
  },
  {
    // Prometheus' and Alertmanager's volumes beside a squid's and Harvester's.
    check: "local volumes suffice for what services claim",
    fails: withVolumes({ monitoring: { ...monitoring, volumeGb: 60 } }),
    says: [
      "storage.volumesPerMachine: got 2, expected at least the 4 volumes that services may claim on one of 2 machines; " +
        "write 4",
      "monitoring.volumeGb: got 60, expected at most 50, the size of a local volume (storage.sizeGb); " +
        "raise storage.sizeGb to 60",
    ],
    passes: withVolumes({ monitoring: { ...monitoring, volumeGb: 50 }, "storage.volumesPerMachine": 4 }),
  },
  {
    check: "services run where their local volumes are",
    fails: withVolumes({ monitoring: { ...monitoring, pool: "control" } }),
    says: [
      'monitoring.pool: got "control", expected "services", the only pool with local volumes (storage.pool); write services',
    ],
    passes: withVolumes({ monitoring }),
  },
  {
    check: "local volumes fit the machine's disk",
    fails: withVolumes({ "storage.sizeGb": 56 }),
    says: [
      "storage.sizeGb: got 56 for each of 2 volumes on a disk of 120 GB, expected at most 55: system and images take " +
        "10 GB; use a larger disk, or fewer or smaller volumes",
    ],
    passes: withVolumes({ "storage.sizeGb": 55 }),
  },
  {
    check: "local volumes fit the machine's disk",
    fails: withVolumes({ "cloud.pools.services": { ...services, bootVolumeGb: 100 } }),
    says: [
      "storage.sizeGb: got 50 for each of 2 volumes on a disk of 100 GB, expected at most 45: system and images take " +
        "10 GB; use a larger disk, or fewer or smaller volumes",
    ],
    passes: withVolumes({ "cloud.pools.services": { ...services, bootVolumeGb: 110 } }),
  },
];
