import { describe, expect, test } from "vitest";
import { checks, crossCheck, isLost } from "../../../stacks/checks";
import { problemText } from "../../../stacks/problem";
import { siteWith } from "./sites";

/** A check, what is changed in the small site to fail it, what it then says, and a change just short of that. */
interface Example {
  readonly check: string;
  readonly fails: Readonly<Record<string, unknown>>;
  readonly says: readonly string[];
  readonly passes: Readonly<Record<string, unknown>>;
}

const flavor = { name: "m1", vcpus: 2, ramMb: 4096, diskGb: 20 };
const bastion = { flavor, image: { id: "1" }, address: "10.64.0.8", allowedCidrs: ["192.0.2.0/24"] };
const pool = { role: "services", count: 1, flavor, addresses: "10.64.2.0/28" };
const queue = { namespace: "other", pool: "batch", largestJob: { cores: 1, memoryMb: 2000 } };

const examples: readonly Example[] = [
  {
    check: "a kubeadm cluster has machines, an existing one has none of ours",
    fails: { cloud: undefined },
    says: [
      "cloud: missing, expected machines for the cluster that cluster.provisioner kubeadm makes; " +
        "add the section atlas-site:cloud",
    ],
    passes: { cloud: undefined, cluster: { provisioner: "existing", identifier: "hired" } },
  },
  {
    check: "a kubeadm cluster has machines, an existing one has none of ours",
    fails: { cluster: { provisioner: "existing", identifier: "hired" } },
    says: [
      "cloud: got machines that would never join a cluster, expected no cloud section when cluster.provisioner is " +
        "existing; remove the section, or write provisioner: kubeadm",
    ],
    passes: {},
  },
  {
    check: "the Kubernetes version is one the program can configure",
    fails: { "cluster.kubernetes": "1.34.9" },
    says: ["cluster.kubernetes: got 1.34.9, expected a version of 1.35, 1.36, 1.37; write e.g. 1.36.3"],
    passes: { "cluster.kubernetes": "1.35.0" },
  },
  {
    check: "machine, pod and service network share no address",
    fails: { "network.serviceCidr": "10.64.3.0/24" },
    says: [
      "network.serviceCidr: got 10.64.3.0/24, which overlaps cloud.network.cidr 10.64.0.0/22, expected a network of " +
        "its own; write e.g. 10.0.0.0/24",
    ],
    passes: { "network.serviceCidr": "10.64.4.0/24" },
  },
  {
    check: "no network is one that has another use everywhere",
    fails: { "network.serviceCidr": "169.254.128.0/20" },
    says: [
      "network.serviceCidr: got 169.254.128.0/20, which overlaps 169.254.0.0/16 (link-local, where the metadata " +
        "service answers), expected a private network",
    ],
    passes: { "network.serviceCidr": "169.253.128.0/20" },
  },
  {
    check: "the pod network has a /24 for every node",
    fails: { "network.podCidr": "10.244.0.0/23" },
    says: [
      "network.podCidr: got 10.244.0.0/23, which has a /24 for 2 nodes, and the pools have 3, expected a network of " +
        "at least /22",
    ],
    passes: { "network.podCidr": "10.244.0.0/22" },
  },
  {
    check: "the service network has a size Kubernetes takes",
    fails: { "network.serviceCidr": "10.96.0.0/29" },
    says: ["network.serviceCidr: got 10.96.0.0/29, expected a network from /12 to /28; write e.g. 10.96.0.0/16"],
    passes: { "network.serviceCidr": "10.96.0.0/28" },
  },
  {
    check: "address blocks are inside the machine network",
    fails: { "cloud.pools.batch.addresses": "10.64.4.0/24" },
    says: [
      "cloud.pools.batch.addresses: got 10.64.4.0/24, which is not inside cloud.network.cidr 10.64.0.0/22, expected a " +
        "block of the machine network; write e.g. 10.64.1.0/24",
    ],
    passes: { "cloud.pools.batch.addresses": "10.64.2.0/24" },
  },
  {
    check: "address blocks share no address",
    fails: { "cloud.pools.batch.addresses": "10.64.3.128/25" },
    says: [
      "cloud.pools.batch.addresses: got 10.64.3.128/25, which overlaps cloud.network.dynamicAddresses 10.64.3.0/24, " +
        "expected a block of its own; write e.g. 10.64.0.128/25",
    ],
    passes: { "cloud.pools.batch.addresses": "10.64.2.128/25" },
  },
  {
    check: "address blocks hold no address that has an owner",
    fails: { "cloud.pools.control.addresses": "10.64.0.0/28" },
    says: [
      "cloud.pools.control.addresses: got 10.64.0.0/28, which holds 10.64.0.1 (the router's address), 10.64.0.2 (the " +
        "API load balancer's address), expected a block without it; write e.g. 10.64.0.16/28",
    ],
    passes: { "cloud.pools.control.addresses": "10.64.0.4/30" },
  },
  {
    check: "address blocks hold no address that has an owner",
    fails: { "cloud.bastion": { ...bastion, address: "10.64.1.9" } },
    says: [
      "cloud.pools.batch.addresses: got 10.64.1.0/24, which holds 10.64.1.9 (the bastion's address), expected a block " +
        "without it; write e.g. 10.64.2.0/24",
    ],
    passes: { "cloud.bastion": bastion },
  },
  {
    check: "address blocks are large enough",
    fails: { "cloud.pools.batch.count": 7, "cloud.pools.batch.addresses": "10.64.1.0/29" },
    says: [
      "cloud.pools.batch.addresses: got 10.64.1.0/29, which has 6 machine addresses for count 7, expected a block of " +
        "at least /28 (its first and last address stay free); write e.g. 10.64.0.32/28",
    ],
    passes: { "cloud.pools.batch.count": 6, "cloud.pools.batch.addresses": "10.64.1.0/29" },
  },
  {
    check: "address blocks are large enough",
    fails: { "cloud.network.dynamicAddresses": "10.64.3.0/29" },
    says: [
      "cloud.network.dynamicAddresses: got 10.64.3.0/29, which has 6 addresses to hand out, expected at least 8, for " +
        "DHCP agents and load balancer; write e.g. 10.64.0.32/28",
    ],
    passes: { "cloud.network.dynamicAddresses": "10.64.3.0/28" },
  },
  {
    check: "the bastion has a free address of the machine network",
    fails: { "cloud.bastion": { ...bastion, address: "10.64.0.2" } },
    says: [
      "cloud.bastion.address: got 10.64.0.2, which is the API load balancer's address, expected a free address of the " +
        "machine network; write e.g. 10.64.0.3",
    ],
    passes: { "cloud.bastion": { ...bastion, address: "10.64.0.3" } },
  },
  {
    check: "the bastion has a free address of the machine network",
    fails: { "cloud.bastion": { ...bastion, address: "10.65.0.8" } },
    says: [
      "cloud.bastion.address: got 10.65.0.8, which is not inside cloud.network.cidr 10.64.0.0/22, expected a free " +
        "address of the machine network; write e.g. 10.64.0.3",
    ],
    passes: { "cloud.bastion": bastion },
  },
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
      "cloud.pools.extra.role: got a second control-plane pool beside control, expected exactly one; raise " +
        "cloud.pools.control.count to 3 instead",
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
    check: "the API entrance leads to every control-plane machine",
    fails: { "cloud.apiEntrance.kind": "internal", "cloud.pools.control.count": 3 },
    says: [
      'cloud.apiEntrance.kind: got "internal", which leads to one machine, and the control plane has 3, expected ' +
        "loadBalancer; write loadBalancer, or have one control-plane machine",
    ],
    passes: { "cloud.apiEntrance.kind": "internal" },
  },
  {
    check: "the API entrance leads to every control-plane machine",
    fails: { "cloud.apiEntrance": { kind: "floatingIp", floatingIp: true } },
    says: [
      "cloud.apiEntrance.floatingIp: got true with kind floatingIp, expected false, the key is for load balancers; " +
        "remove it, that kind has one anyway",
    ],
    passes: { "cloud.apiEntrance": { kind: "loadBalancer", floatingIp: true } },
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
        "expected a key outside kubernetes.io and k8s.io; write e.g. site.example/rack",
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
    check: "the plan stays within the project's quota",
    fails: { "cloud.bastion": bastion, "cloud.apiEntrance.floatingIp": true, "cloud.quota.floatingIps": 1 },
    says: [
      "cloud.quota.floatingIps: got 1, expected at least the 2 that the plan takes (API entrance and bastion); " +
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
];

describe.each(examples)("$check", ({ check: title, fails, says, passes }) => {
  const check = checks.find((candidate) => candidate.title === title)!;

  test("says what is wrong, where, and how to mend it", () => {
    expect(check.run(siteWith(fails)).map((problem) => problemText(problem))).toEqual(says);
  });

  test("is content just short of that", () => {
    expect(check.run(siteWith(passes))).toEqual([]);
  });

  test("says nothing when a value it rests on is broken", () => {
    for (const need of check.needs) {
      const path = need
        .replace(".**", "")
        .split(".")
        .map((key) => (key === "*" ? "any" : key));
      const told = crossCheck(siteWith(fails), [path]).map((problem) => problemText(problem));
      says.forEach((text) => expect(told).not.toContain(text));
    }
  });
});

test("every cross-check has an example, and the small site passes them all", () => {
  expect(new Set(examples.map(({ check }) => check))).toEqual(new Set(checks.map(({ title }) => title)));
  expect(crossCheck(siteWith({}), [])).toEqual([]);
});

test.each<[string, string, boolean]>([
  ["cloud.pools.*.count", "cloud.pools.batch.count", true],
  ["cloud.pools.*.count", "cloud.pools.batch", true],
  ["cloud.pools.*.count", "cloud", true],
  ["cloud.pools.*.count", "cloud.pools.batch.flavor.vcpus", false],
  ["cloud.pools.*.count", "cluster", false],
  ["cloud.pools.*.flavor.**", "cloud.pools.batch.flavor.vcpus", true],
  ["cloud", "cloud.pools.batch", false],
])("what %s stands on is lost with %s: %s", (need, damaged, lost) => {
  expect(isLost(need, damaged.split("."))).toBe(lost);
});
