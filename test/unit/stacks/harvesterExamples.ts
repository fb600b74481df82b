/** Examples of the cross-checks on Harvester and on finished Jobs. */
import { flavor, pool, queue, type Example } from "./exampleParts";

const inCluster = { mode: "inCluster", harvesterId: "LAB-harvester", pool: "control" };
const services = { ...pool, flavor: { ...flavor, diskGb: 100 } };

/** One failing and one passing change of the small site for each. */
export const harvesterExamples: readonly Example[] = [
  {
    check: "a Harvester inside the cluster runs on machines for services",
    fails: { harvester: { ...inCluster, pool: "batch" } },
    says: ['harvester.pool: got "batch", a pool of role batch, expected one of: control; write control'],
    passes: { harvester: inCluster },
  },
  {
    check: "a Harvester inside the cluster runs on machines for services",
    fails: { harvester: { ...inCluster, pool: "servers" }, "cloud.pools.services": services },
    says: ['harvester.pool: got "servers", which is no pool, expected one of: control, services'],
    passes: { harvester: { ...inCluster, pool: "services" }, "cloud.pools.services": services },
  },
  {
    check: "a Harvester inside the cluster has a volume",
    fails: { harvester: inCluster },
    says: [
      "harvester.mode: got inCluster, which keeps its database on a volume, and storage.class is none, expected a storage " +
        "class; write harvester.mode: remote, or give the site a storage class",
    ],
    passes: { harvester: inCluster, storage: { class: "existing", name: "fast" } },
  },
  ...[
    ["harvester", "which queue LAB-K8S has"],
    ["default", "which belongs to Kubernetes"],
    ["kube-public", "which belongs to Kubernetes"],
    ["atlas-site-squid", "which the site's other services have"],
  ].map(([namespace, whose]) => ({
    check: "a Harvester inside the cluster has a namespace of its own",
    fails: { harvester: { ...inCluster, namespace } },
    says: [
      `harvester.namespace: got "${namespace}", ${whose}, expected a namespace of its own: what runs there is none of the ` +
        "jobs'; write e.g. harvester-service",
    ],
    passes: { harvester: inCluster },
  })),
  {
    check: "finished Jobs stay until Harvester has seen them",
    fails: { "queues.LAB-K8S.keepFinishedHours": 23 },
    says: [
      "queues.LAB-K8S.keepFinishedHours: got 23: a Job that Harvester no longer finds counts as cancelled, expected at " +
        "least 24; write 24",
    ],
    passes: { "queues.LAB-K8S.keepFinishedHours": 24 },
  },
  {
    // 1,050 machines of 8 cores end 525 jobs an hour.
    check: "finished Jobs are no more than Kubernetes keeps",
    fails: { "cloud.pools.batch.count": 1050 },
    says: [
      "queues.LAB-K8S.keepFinishedHours: got 24: with a production mix of jobs some 12600 finished pods would be there, " +
        "expected at most 12500 in all, since Kubernetes removes more before their time; make the pool smaller; this site " +
        "is too large for one cluster",
    ],
    passes: { "cloud.pools.batch.count": 1041 },
  },
  {
    check: "finished Jobs are no more than Kubernetes keeps",
    fails: { "cloud.pools.batch.count": 250, "queues.LAB-K8S.keepFinishedHours": 101 },
    says: [
      "queues.LAB-K8S.keepFinishedHours: got 101: with a production mix of jobs some 12625 finished pods would be there, " +
        "expected at most 12500 in all, since Kubernetes removes more before their time; write 100",
    ],
    passes: { "cloud.pools.batch.count": 250, "queues.LAB-K8S.keepFinishedHours": 100 },
  },
  {
    // Of two pools the one that keeps more is told of, wherever it stands: 10,000 pods beside 3,000.
    check: "finished Jobs are no more than Kubernetes keeps",
    fails: {
      "cloud.pools.batch.count": 125,
      "cloud.pools.more": { role: "batch", count: 200, flavor: { ...flavor, vcpus: 8 }, addresses: "10.64.2.0/24" },
      "queues.LAB-K8S.keepFinishedHours": 48,
      "queues.MORE-K8S": { ...queue, pool: "more", keepFinishedHours: 100 },
    },
    says: [
      "queues.MORE-K8S.keepFinishedHours: got 100: with a production mix of jobs some 13000 finished pods would be there, " +
        "expected at most 12500 in all, since Kubernetes removes more before their time; write 95",
    ],
    passes: {
      "cloud.pools.batch.count": 125,
      "cloud.pools.more": { role: "batch", count: 200, flavor: { ...flavor, vcpus: 8 }, addresses: "10.64.2.0/24" },
      "queues.LAB-K8S.keepFinishedHours": 48,
      "queues.MORE-K8S": { ...queue, pool: "more", keepFinishedHours: 90 },
    },
  },
  {
    // 90 % of 80 GB, less 10 GB for the system.
    check: "the largest job's scratch fits the machine's disk",
    fails: { "queues.LAB-K8S.largestJob": { cores: 8, memoryMb: 14000, scratchMb: 62001 } },
    says: [
      "queues.LAB-K8S.largestJob.scratchMb: got 62001, and the disk of pool batch leaves 62000 beside system, images and " +
        "CVMFS' cache, expected at most 62000; use a larger disk",
    ],
    passes: { "queues.LAB-K8S.largestJob": { cores: 8, memoryMb: 14000, scratchMb: 62000 } },
  },
  {
    check: "the largest job's scratch fits the machine's disk",
    fails: { cvmfs: { mode: "csi", proxies: ["http://squid.example:3128"], cacheQuotaMb: 30_000 } },
    says: [
      "queues.LAB-K8S.largestJob.scratchMb: got 40000, and the disk of pool batch leaves 32000 beside system, images and " +
        "CVMFS' cache, expected at most 32000; use a larger disk",
    ],
    passes: { cvmfs: { mode: "host", proxies: ["http://squid.example:3128"], cacheVolumeGb: 50 } },
  },
];
