/** Examples of the cross-checks on the cluster as a whole, networks and addresses. */
import { bastion, type Example } from "./exampleParts";

/** One failing and one passing change of the small site for each. */
export const networkExamples: readonly Example[] = [
  {
    check: "a kubeadm cluster has machines, any other has none of ours",
    fails: { cloud: undefined },
    says: [
      "cloud: missing, expected machines for the cluster that cluster.provisioner kubeadm makes; " +
        "add the section atlas-site:cloud",
    ],
    passes: { cloud: undefined, cluster: { provisioner: "existing", identifier: "hired" } },
  },
  {
    check: "a kubeadm cluster has machines, any other has none of ours",
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
  ...[
    ["169.254.128.0/20", "169.254.0.0/16 (link-local, where the metadata service answers)", "169.253.128.0/20"],
    ["0.16.0.0/16", "0.0.0.0/8 (this-network addresses)", "1.0.0.0/16"],
    ["127.0.0.0/16", "127.0.0.0/8 (loopback)", "128.0.0.0/16"],
    ["240.0.0.0/16", "224.0.0.0/3 (multicast and reserved)", "223.255.0.0/16"],
  ].map(([cidr, foreign, passes]) => ({
    check: "no network is one that has another use everywhere",
    fails: { "network.serviceCidr": cidr },
    says: [`network.serviceCidr: got ${cidr}, which overlaps ${foreign}, expected a private network`],
    passes: { "network.serviceCidr": passes },
  })),
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
];
