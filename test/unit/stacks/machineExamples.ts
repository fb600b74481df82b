/** Examples of the cross-checks on machines, quota and queues. */
import { flavor, bastion, pool, queue, type Example } from "./exampleParts";

/** One failing and one passing change of the small site for each. */
export const machineExamples: readonly Example[] = [
  {
    check: "there is one control-plane pool",
    fails: { "cloud.pools.control.role": "services" },
    says: [
      "cloud.pools: got no control-plane pool, expected exactly one pool with role control-plane; add one with count " +
        "1 or 3",
    ],
    passes: { "cloud.pools.extra": pool },
  },
  {
    check: "there is one control-plane pool",
    fails: { "cloud.pools.extra": { ...pool, role: "control-plane" } },
    says: [
      "cloud.pools.extra.role: got a second control-plane pool beside control, expected exactly one; remove the " +
        "pool, and write cloud.pools.control.count: 3",
    ],
    passes: {},
  },
  {
    check: "the control plane has 1 or 3 machines",
    fails: { "cloud.pools.control.count": 4 },
    says: ["cloud.pools.control.count: got 4 control-plane machines, expected 1 or 3 (etcd needs a majority); write 3"],
    passes: { "cloud.pools.control.count": 3 },
  },
  {
    check: "a control-plane machine is large enough for kubeadm",
    fails: { "cloud.pools.control.flavor": { ...flavor, vcpus: 1, ramMb: 1699 } },
    says: [
      "cloud.pools.control.flavor.vcpus: got 1 for the control plane, expected at least 2, or kubeadm refuses; use a " +
        "larger flavor",
      "cloud.pools.control.flavor.ramMb: got 1699 for the control plane, expected at least 1700, or kubeadm refuses; " +
        "use a larger flavor",
    ],
    passes: { "cloud.pools.control.flavor": { ...flavor, vcpus: 2, ramMb: 1700 } },
  },
  {
    check: "the API endpoint leads to every control-plane machine",
    fails: { "cloud.apiEndpoint.kind": "internal", "cloud.pools.control.count": 3 },
    says: [
      'cloud.apiEndpoint.kind: got "internal", which leads to one machine, and the control plane has 3, expected ' +
        "loadBalancer; write loadBalancer, or have one control-plane machine",
    ],
    passes: { "cloud.apiEndpoint.kind": "internal" },
  },
  {
    check: "the API endpoint leads to every control-plane machine",
    fails: { "cloud.apiEndpoint": { kind: "floatingIp", floatingIp: true } },
    says: [
      "cloud.apiEndpoint.floatingIp: got true with kind floatingIp, expected false, the key is for load balancers; " +
        "remove it, that kind has one anyway",
    ],
    passes: { "cloud.apiEndpoint": { kind: "loadBalancer", floatingIp: true } },
  },
  {
    check: "floating IPs have a network to come from",
    fails: { "cloud.externalNetwork": undefined, "cloud.bastion": bastion },
    says: [
      "cloud.externalNetwork: missing, expected the network that the floating IP of cloud.bastion comes from; write " +
        "e.g. externalNetwork: public",
    ],
    passes: { "cloud.externalNetwork": undefined },
  },
  {
    check: "machine names fit a host name",
    fails: { "site.name": "a".repeat(40), "cloud.pools.control-plane-machines-9": { ...pool, count: 11 } },
    says: [
      `cloud.pools.control-plane-machines-9: got machine names as long as ${"a".repeat(40)}-control-plane-machines-9-10 ` +
        "(68 characters), expected at most 63; shorten the name of the pool or the site",
    ],
    passes: { "site.name": "a".repeat(40), "cloud.pools.control-plane-machi": { ...pool, count: 11 } },
  },
  {
    check: "node labels are ones a kubelet may set",
    fails: { "cloud.pools.batch.labels": { "node-role.kubernetes.io/batch": "" } },
    says: [
      "cloud.pools.batch.labels.node-role.kubernetes.io/batch: got a label that a kubelet must not set itself, " +
        "expected a key outside kubernetes.io, k8s.io and atlas-site; write e.g. site.example/rack",
    ],
    passes: { "cloud.pools.batch.labels": { "topology.kubernetes.io/zone": "a", "site.example/rack": "7", plain: "" } },
  },
  {
    check: "the plan stays within the project's quota",
    fails: { "cloud.quota": { instances: 2, cores: 17, ramMb: 36863, ports: 5, floatingIps: 0 } },
    says: [
      "cloud.quota.instances: got 2, expected at least the 3 that the plan takes (control 1, batch 2); ",
      "cloud.quota.cores: got 17, expected at least the 18 that the plan takes (control 1 × 2, batch 2 × 8); ",
      "cloud.quota.ramMb: got 36863, expected at least the 36864 that the plan takes (control 1 × 4096, batch 2 × 16384); ",
      "cloud.quota.ports: got 5, expected at least the 6 that the plan takes (one a machine, and those of DHCP, router and " +
        "load balancer); ",
    ].map((text) => `${text}make a pool smaller, or have the project's quota raised and write it here`),
    passes: { "cloud.quota": { instances: 3, cores: 18, ramMb: 36864, ports: 6, floatingIps: 0 } },
  },
  {
    check: "server groups stay within the project's quota",
    fails: {
      "cloud.pools.services": { ...pool, count: 11 },
      "cloud.quota.instances": -1,
      "cloud.quota.serverGroups": 1,
    },
    says: [
      "cloud.quota.serverGroups: got 1, expected at least the 2 that the plan takes (control-plane 1, services 11); " +
        "use fewer and larger machines, or have the project's quota raised and write it here",
      "cloud.quota.serverGroupMembers: got 10, expected at least the 11 that the plan takes (control-plane 1, services 11); " +
        "use fewer and larger machines, or have the project's quota raised and write it here",
    ],
    passes: { "cloud.pools.services": { ...pool, count: 11 }, "cloud.quota.serverGroupMembers": -1 },
  },
  {
    check: "the firewall stays within the project's quota",
    fails: { "cloud.bastion": bastion, "cloud.quota.securityGroups": 3, "cloud.quota.securityGroupRules": 20 },
    says: [
      "cloud.quota.securityGroups: got 3, expected at least the 4 that the plan takes (the site's, and the project's default " +
        "group); remove the bastion, or have the project's quota raised and write it here",
      "cloud.quota.securityGroupRules: got 20, expected at least the 21 that the plan takes (the site's (docs/firewall.md), " +
        "and those of the project's default group); name fewer networks, or have the project's quota raised and write it here",
    ],
    passes: { "cloud.bastion": bastion, "cloud.quota.securityGroups": 4, "cloud.quota.securityGroupRules": -1 },
  },
  {
    check: "volumes stay within the project's quota",
    fails: { "cloud.pools.batch.count": 11, "cloud.pools.batch.bootVolumeGb": 100, "cloud.quota.instances": 20 },
    says: [
      "cloud.quota.volumes: got 10, expected at least the 11 that the plan takes (boot disks of batch 11 × 100 GB); use disks " +
        "of the flavor instead, or have the project's quota raised and write it here",
      "cloud.quota.volumesGb: got 1000, expected at least the 1100 that the plan takes (boot disks of batch 11 × 100 GB); use " +
        "disks of the flavor instead, or have the project's quota raised and write it here",
    ],
    passes: { "cloud.pools.batch.count": 10, "cloud.pools.batch.bootVolumeGb": 100 },
  },
  {
    check: "the plan stays within the project's quota",
    fails: { "cloud.bastion": bastion, "cloud.apiEndpoint.floatingIp": true, "cloud.quota.floatingIps": 1 },
    says: [
      "cloud.quota.floatingIps: got 1, expected at least the 2 that the plan takes (API endpoint and bastion); " +
        "make a pool smaller, or have the project's quota raised and write it here",
    ],
    passes: { "cloud.bastion": bastion, "cloud.quota.floatingIps": 1 },
  },
  {
    check: "each queue has a namespace of its own",
    fails: {
      "queues.OTHER": { ...queue, namespace: "harvester" },
      "queues.THIRD_Q": { ...queue, namespace: "kube-system" },
    },
    says: [
      'queues.OTHER.namespace: got "harvester", which queue LAB-K8S has already, expected a namespace of its own; ' +
        "write e.g. other",
      'queues.THIRD_Q.namespace: got "kube-system", which belongs to Kubernetes, expected a namespace of its own; ' +
        "write e.g. third-q",
    ],
    passes: { "queues.OTHER": queue },
  },
  {
    check: "each queue runs on a batch pool",
    fails: { "queues.OTHER": { ...queue, pool: "bacth" }, "queues.THIRD": { ...queue, pool: "control" } },
    says: [
      'queues.OTHER.pool: got "bacth", which is no pool, expected one of: batch; did you mean "batch"?',
      'queues.THIRD.pool: got "control", a pool of role control-plane, expected one of: batch; did you mean "batch"?',
    ],
    passes: { "queues.OTHER": queue },
  },
  {
    // 8 cores less 2 × 400 reserved less 200 of daemons leave 7.0, and 7.2 are asked.
    check: "the largest job of each queue fits an empty node",
    fails: {
      "cluster.reserved": {
        kube: { cpuMilli: 400, memoryMb: 384 },
        system: { cpuMilli: 400, memoryMb: 384 },
      },
    },
    says: [
      "queues.LAB-K8S.largestJob.cores: got 8: Harvester requests 7.2 cores (90 %), and an empty node of pool batch " +
        "(8 cores) leaves 7, expected at most 7; use a larger flavor, smaller cluster.reserved, or cpuRequestPercent " +
        "of at most 87",
    ],
    passes: {
      "cluster.reserved": {
        kube: { cpuMilli: 300, memoryMb: 384 },
        system: { cpuMilli: 300, memoryMb: 384 },
      },
    },
  },
  {
    check: "the largest job of each queue fits an empty node",
    fails: { "queues.LAB-K8S.largestJob": { cores: 9, memoryMb: 14983 }, "queues.LAB-K8S.cpuRequestPercent": 50 },
    says: [
      "queues.LAB-K8S.largestJob.cores: got 9: Harvester requests 4.5 cores (50 %), and an empty node of pool batch " +
        "(8 cores) leaves 7.5, expected at most 8; use a larger flavor, smaller cluster.reserved",
      "queues.LAB-K8S.largestJob.memoryMb: got 14983, and an empty node of pool batch (16384 MiB) leaves 14982, " +
        "expected at most 14982; use a larger flavor or smaller cluster.reserved",
    ],
    passes: { "queues.LAB-K8S.largestJob": { cores: 8, memoryMb: 14982 } },
  },
  {
    check: "node labels are ones a kubelet may set",
    fails: { "cloud.pools.batch.labels": { "atlas-site/pool": "other" } },
    says: [
      "cloud.pools.batch.labels.atlas-site/pool: got a label that the program gives the node itself, expected a key " +
        "outside kubernetes.io, k8s.io and atlas-site; write e.g. site.example/rack",
    ],
    passes: { "cloud.pools.batch.labels": { "site.example/pool": "other" } },
  },
  {
    check: "node taints are nobody else's",
    fails: { "cloud.pools.batch.taints": [{ key: "site/cvmfs-unready", effect: "NoSchedule" }] },
    says: [
      "cloud.pools.batch.taints[0].key: got site/cvmfs-unready, a taint that the program or Kubernetes sets and lifts " +
        "itself, expected a key outside kubernetes.io, k8s.io, atlas-site and site; write e.g. site.example/atlas",
    ],
    passes: { "cloud.pools.batch.taints": [{ key: "site.example/atlas", effect: "NoSchedule" }] },
  },
  {
    check: "the cluster's name service finds a node",
    fails: {
      "cloud.pools.batch.taints": [{ key: "site.example/atlas", effect: "NoExecute" }],
      "cloud.pools.control.taints": [{ key: "site.example/control", effect: "NoSchedule" }],
    },
    says: [
      "cloud.pools.control.taints: got taints on every pool, so that the cluster's name service finds no node, expected " +
        "no taint of NoSchedule or NoExecute on one pool at least; remove it: the control plane has a taint of its own, " +
        "which the name service tolerates",
    ],
    passes: {
      "cloud.pools.batch.taints": [{ key: "site.example/atlas", effect: "NoExecute" }],
      "cloud.pools.control.taints": [{ key: "site.example/control", effect: "PreferNoSchedule" }],
    },
  },
];
