/** Examples of the cross-checks on CVMFS, its squids and lazy images. */
import { pool, type Example } from "./exampleParts";

/** Squids as a site with CVMFS on its hosts has them, and what they need. */
const squid = { pool: "services", cacheGb: 50, exposure: "nodePort" };
const storage = { class: "local", pool: "services", sizeGb: 50 };
const services = { ...pool, flavor: { name: "m1", vcpus: 4, ramMb: 8192, diskGb: 300 } };
const withSquid = { storage, "cloud.pools.services": services };
const proxies = ["http://squid.example:3128"];

/** One failing and one passing change of the small site for each. */
export const cvmfsExamples: readonly Example[] = [
  {
    check: "CVMFS has a proxy",
    fails: { cvmfs: { mode: "csi" } },
    says: [
      "cvmfs.proxies: got none, and the site has no squid, expected a way to the repositories: squids of the site's own, " +
        "or proxies; add cvmfs.squid with a pool, or write e.g. proxies: [http://squid.example:3128]",
    ],
    passes: { cvmfs: { mode: "csi", proxies } },
  },
  {
    // On the hosts of another's cluster the client is not ours to configure.
    check: "CVMFS has a proxy",
    fails: { cvmfs: { mode: "host" } },
    says: [
      "cvmfs.proxies: got none, and the site has no squid, expected a way to the repositories: squids of the site's own, " +
        "or proxies; add cvmfs.squid with a pool, or write e.g. proxies: [http://squid.example:3128]",
    ],
    passes: {
      cvmfs: { mode: "host" },
      cloud: undefined,
      cluster: { provisioner: "existing", identifier: "hired" },
    },
  },
  {
    check: "few machines go to CVMFS' servers directly",
    fails: { cvmfs: { mode: "host", proxies: [...proxies, "DIRECT"] }, "cloud.pools.batch.count": 5 },
    says: [
      'cvmfs.proxies[1]: got "DIRECT" for 5 batch machines, expected at most 4 machines that go to CVMFS\' servers ' +
        "directly; remove it, and add a squid of the site's own or another proxy",
    ],
    passes: { cvmfs: { mode: "host", proxies: [...proxies, "DIRECT"] }, "cloud.pools.batch.count": 4 },
  },
  {
    check: "squids run on a pool for services",
    fails: { ...withSquid, cvmfs: { mode: "host", squid: { ...squid, pool: "batch" } } },
    says: [
      'cvmfs.squid.pool: got "batch", a pool of role batch, expected one of: control, services; add a pool with role ' +
        "services for them",
    ],
    passes: { ...withSquid, cvmfs: { mode: "host", squid } },
  },
  {
    check: "squids run on a pool for services",
    fails: { storage, cvmfs: { mode: "csi", squid } },
    says: [
      'cvmfs.squid.pool: got "services", which is no pool, expected one of: control; add a pool with role services for ' +
        "them",
    ],
    passes: { storage, cvmfs: { mode: "csi", squid: { ...squid, pool: "control" } } },
  },
  {
    check: "squids have volumes",
    fails: { "cloud.pools.services": services, cvmfs: { mode: "host", squid } },
    says: [
      "storage.class: got none, and each squid keeps its cache on a volume, expected local, cinder or existing; write " +
        "e.g. storage: { class: local, pool: services, sizeGb: 50 }",
    ],
    passes: { ...withSquid, cvmfs: { mode: "host", squid } },
  },
  {
    check: "clients on hosts reach the squids",
    fails: { ...withSquid, cvmfs: { mode: "host", squid: { ...squid, exposure: "none" } } },
    says: [
      "cvmfs.squid.exposure: got none, and the clients are on hosts, outside the pod network, expected nodePort; write " +
        "exposure: nodePort",
    ],
    passes: { ...withSquid, cvmfs: { mode: "csi", squid: { ...squid, exposure: "none" } } },
  },
  {
    check: "a load balancer for squids has somebody who makes it",
    fails: { ...withSquid, cvmfs: { mode: "host", squid: { ...squid, exposure: "loadBalancer" } } },
    says: [
      "cvmfs.squid.exposure: got loadBalancer on a cluster that has no controller for load balancers, expected none or " +
        "nodePort; loadBalancer on an existing cluster that has one; write exposure: nodePort",
    ],
    passes: { ...withSquid, cvmfs: { mode: "host", squid } },
  },
  {
    check: "the CVMFS cache fits its disk",
    fails: { cvmfs: { mode: "host", proxies, cacheQuotaMb: 20_001, cacheVolumeGb: 26 } },
    says: [
      "cvmfs.cacheQuotaMb: got 20001 on a volume of 26 GB, expected at most 20000: a fifth of the volume and 1 GB stay " +
        "free; raise cvmfs.cacheVolumeGb to 27",
    ],
    passes: { cvmfs: { mode: "host", proxies, cacheQuotaMb: 20_000, cacheVolumeGb: 26 } },
  },
  {
    // 80 GB less 10 of the system less 8 × 5 of one-core jobs leave 30; of that a fifth and 1 GB stay free.
    check: "the CVMFS cache fits its disk",
    fails: {
      cvmfs: { mode: "host", proxies, cacheQuotaMb: 23_201 },
      "queues.LAB-K8S.largestJob": { cores: 1, memoryMb: 2000, scratchMb: 5000 },
    },
    says: [
      "cvmfs.cacheQuotaMb: got 23201, and the disk of pool batch (80 GB) leaves 30 GB beside 10 for the system and 40 " +
        "for jobs, expected at most 23200: a fifth of that and 1 GB stay free; give the cache a volume of its own " +
        "(cvmfs.cacheVolumeGb) or the machines a larger disk",
    ],
    passes: {
      cvmfs: { mode: "host", proxies, cacheQuotaMb: 23_200 },
      "queues.LAB-K8S.largestJob": { cores: 1, memoryMb: 2000, scratchMb: 5000 },
    },
  },
  {
    check: "CVMFS parameters are nobody else's",
    fails: {
      cvmfs: { mode: "host", proxies, parameters: { CVMFS_HTTP_PROXY: "DIRECT", CVMFS_NFILES: "1000000" } },
    },
    says: [
      "cvmfs.parameters.CVMFS_HTTP_PROXY: got a parameter that cvmfs.squid and cvmfs.proxies decides, expected one that " +
        "no other key decides; remove it and set cvmfs.squid and cvmfs.proxies",
      "cvmfs.parameters.CVMFS_NFILES: got 1000000, expected at most 524288 open files, or every mount fails; remove it: " +
        "the client's own default suits",
    ],
    passes: { cvmfs: { mode: "host", proxies, parameters: { CVMFS_TIMEOUT: "10", CVMFS_NFILES: "524288" } } },
  },
  {
    check: "lazy images have layers to load",
    fails: {
      cvmfs: { mode: "csi", proxies },
      "cloud.pools.batch.lazyImages": "cvmfs-snapshotter",
      "cloud.pools.control.lazyImages": "cvmfs-snapshotter",
    },
    says: [
      "cloud.pools.control.lazyImages: got cvmfs-snapshotter in a pool of role control-plane, which has no CVMFS, " +
        "expected none; lazy images are for batch machines; write none",
      "cloud.pools.control.lazyImages: got cvmfs-snapshotter with cvmfs.mode csi, expected cvmfs.mode host: the " +
        "snapshotter reads the host's /cvmfs before any pod runs; write lazyImages: none, or cvmfs.mode: host",
      "cloud.pools.batch.lazyImages: got cvmfs-snapshotter with cvmfs.mode csi, expected cvmfs.mode host: the " +
        "snapshotter reads the host's /cvmfs before any pod runs; write lazyImages: none, or cvmfs.mode: host",
    ],
    passes: { cvmfs: { mode: "host", proxies }, "cloud.pools.batch.lazyImages": "cvmfs-snapshotter" },
  },
  {
    check: "lazy images have layers to load",
    fails: {
      cvmfs: { mode: "host", proxies, repositories: ["atlas.cern.ch"] },
      "cloud.pools.batch.lazyImages": "cvmfs-snapshotter",
    },
    says: [
      "cloud.pools.batch.lazyImages: got cvmfs-snapshotter, and cvmfs.repositories lacks unpacked.cern.ch, expected " +
        "unpacked.cern.ch, where the layers are; add unpacked.cern.ch to cvmfs.repositories",
    ],
    passes: { cvmfs: { mode: "host", proxies }, "cloud.pools.batch.lazyImages": "cvmfs-snapshotter" },
  },
  {
    check: "lazy images on an untested containerd are asked for",
    fails: { cvmfs: { mode: "host", proxies }, "cloud.pools.batch.lazyImages": "cvmfs-snapshotter" },
    says: [
      "cloud.pools.batch.untestedContainerd: got false with lazyImages cvmfs-snapshotter and containerd 2.4.2, expected " +
        "true: the snapshotter is documented for containerd above 1.4 and below 2.0 only; write untestedContainerd: true " +
        "to try it nevertheless, or lazyImages: none",
    ],
    passes: {
      cvmfs: { mode: "host", proxies },
      "cloud.pools.batch.lazyImages": "cvmfs-snapshotter",
      "cloud.pools.batch.untestedContainerd": true,
    },
  },
  {
    // The client reads which repository configures it before any file of the site.
    check: "CVMFS parameters are nobody else's",
    fails: { cvmfs: { mode: "csi", proxies, parameters: { CVMFS_CONFIG_REPOSITORY: "config.example.org" } } },
    says: [
      "cvmfs.parameters.CVMFS_CONFIG_REPOSITORY: got a parameter that the client reads in /etc/cvmfs/default.d alone, " +
        "expected one that has an effect in /etc/cvmfs/config.d; remove it: the configuration repository comes with the " +
        "package cvmfs-config-default",
    ],
    passes: { cvmfs: { mode: "csi", proxies, parameters: { CVMFS_USE_GEOAPI: "no" } } },
  },
];
