/** Whether the networks of a site, those of machines, pods and services, leave each other room. */
import { freeNetwork, overlaps, prefixLength } from "../ipv4";
import { pathText, type Problem } from "../problem";
import type { Cloud, Site } from "../site";
import { cloudCheck, machineNetworks, poolsOf, type Check, type Named } from "./check";

/** Ranges that never are a site's own, with what they are. */
const foreignRanges: readonly (readonly [string, string])[] = [
  ["0.0.0.0/8", "this-network addresses"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local, where the metadata service answers"],
  ["224.0.0.0/3", "multicast and reserved"],
];

/** Where to look for a range that is free, in this order. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** The networks a site has, those of the machines, pods and services. */
function networks(site: Site): Named[] {
  return [
    ...machineNetworks(site),
    { path: ["network", "podCidr"], cidr: site.network.podCidr },
    { path: ["network", "serviceCidr"], cidr: site.network.serviceCidr },
  ];
}

function networksDisjoint(site: Site): Problem[] {
  const all = networks(site);
  return all.flatMap((one, i) => {
    const other = all.slice(0, i).find((earlier) => overlaps(earlier.cidr, one.cidr));
    if (other === undefined) {
      return [];
    }
    const taken = [...all.filter((network) => network !== one), ...foreignRanges.map(([cidr]) => ({ cidr }))];
    const free = privateRanges
      .map((range) =>
        freeNetwork(
          range,
          prefixLength(one.cidr),
          taken.map((network) => network.cidr),
        ),
      )
      .find((range) => range !== undefined);
    const seen = `got ${one.cidr}, which overlaps ${pathText(other.path)} ${other.cidr}`;
    return [{ path: one.path, seen, expected: "a network of its own", fix: free && `write e.g. ${free}` }];
  });
}

function networksUsable(site: Site): Problem[] {
  return networks(site).flatMap(({ path, cidr }) =>
    foreignRanges
      .filter(([range]) => overlaps(range, cidr))
      .map(([range, what]) => ({
        path,
        seen: `got ${cidr}, which overlaps ${range} (${what})`,
        expected: "a private network",
      })),
  );
}

/** kube-controller-manager gives every node a /24 of the pod network. */
function podNetworkLargeEnough(cloud: Cloud, site: Site): Problem[] {
  const nodes = poolsOf(cloud).reduce((sum, [, pool]) => sum + pool.count, 0);
  const { podCidr } = site.network;
  const room = Math.floor(2 ** (24 - prefixLength(podCidr)));
  if (room >= nodes) {
    return [];
  }
  const prefix = 24 - Math.ceil(Math.log2(nodes));
  return [
    {
      path: ["network", "podCidr"],
      seen: `got ${podCidr}, which has a /24 for ${room} nodes, and the pools have ${nodes}`,
      expected: `a network of at least /${prefix}`,
    },
  ];
}

/** kubeadm wants ten service addresses at least, the API server takes no network larger than /12. */
function serviceNetworkSize(site: Site): Problem[] {
  const prefix = prefixLength(site.network.serviceCidr);
  return prefix >= 12 && prefix <= 28
    ? []
    : [
        {
          path: ["network", "serviceCidr"],
          seen: `got ${site.network.serviceCidr}`,
          expected: "a network from /12 to /28",
          fix: "write e.g. 10.96.0.0/16",
        },
      ];
}

/** Checks on the networks as a whole. */
export const networkChecks: readonly Check[] = [
  {
    title: "machine, pod and service network share no address",
    needs: ["cloud.network.cidr", "network.podCidr", "network.serviceCidr"],
    run: networksDisjoint,
  },
  {
    title: "no network is one that has another use everywhere",
    needs: ["cloud.network.cidr", "network.podCidr", "network.serviceCidr"],
    run: networksUsable,
  },
  cloudCheck(
    "the pod network has a /24 for every node",
    ["network.podCidr", "cloud.pools.*.count"],
    podNetworkLargeEnough,
  ),
  {
    title: "the service network has a size Kubernetes takes",
    needs: ["network.serviceCidr"],
    run: serviceNetworkSize,
  },
];
