/** Variants of the small site with services in the cluster: CVMFS, squids, storage, a Harvester of its own. */

/** A pool for services: two machines with room for two volumes each. */
export const servicesPool = {
  role: "services",
  count: 2,
  flavor: { name: "m1.services", vcpus: 4, ramMb: 8192, diskGb: 120 },
  addresses: "10.64.0.32/28",
};

const local = { class: "local", pool: "services", volumesPerMachine: 3, sizeGb: 36 };
const squid = { pool: "services", cacheGb: 20 };
const harvester = { mode: "inCluster", harvesterId: "test-harvester", pool: "services", volumeGb: 20 };

/** Sections that change a site with a pool `services`, by what they show. */
export const serviceSections = {
  /** CVMFS on the hosts, squids by node port, local volumes, images from CVMFS. */
  hostCvmfs: {
    storage: local,
    cvmfs: { mode: "host", squid: { ...squid, exposure: "nodePort" }, cacheVolumeGb: 40 },
  },
  /** CVMFS by CSI, squids on Cinder volumes. */
  csi: {
    storage: { class: "cinder", volumeType: "ssd" },
    cvmfs: { mode: "csi", squid, proxies: ["http://squid.example:3128"] },
  },
  /** A Harvester in the cluster with its database in a file. */
  harvesterSqlite: { storage: local, harvester: { ...harvester, database: "sqlite" } },
  /** A Harvester in the cluster with a database server. */
  harvesterMariadb: { storage: { class: "cinder" }, harvester: { ...harvester, database: "mariadb" } },
} as const;

/** CVMFS, squids and a Harvester in a cluster somebody else runs, on a storage class it has. */
export const servicesOnExisting = {
  site: { name: "guests" },
  cluster: { provisioner: "existing", identifier: "guest-cluster" },
  network: { plugin: "none", policyEngine: "none" },
  storage: { class: "existing", name: "fast" },
  cvmfs: { mode: "csi", squid },
  harvester,
  queues: {
    "GUEST-K8S": {
      namespace: "guest-k8s",
      pool: "batch",
      largestJob: { cores: 8, memoryMb: 14000, scratchMb: 40_000 },
      seccomp: "Unconfined",
      workflow: "push",
    },
  },
};
