/** Whether the blocks and single addresses of the machine network leave each other room. */
import { endpointAddress, gatewayAddress, poolCapacity } from "../../../components/cloud/addresses";
import { addressText, contains, freeNetwork, overlaps, parsedRange, prefixLength } from "../ipv4";
import { pathText, type Problem } from "../problem";
import type { Cloud } from "../site";
import { cloudCheck, poolsOf, type Check, type Named } from "./check";

/** Addresses Neutron needs to hand out besides the machines: DHCP agents, load balancer instances, room to replace them. */
const leastDynamic = 8;

/** Blocks of the machine network that are given away: the dynamic one and the pools'. */
function blocks(cloud: Cloud): Named[] {
  return [
    { path: ["cloud", "network", "dynamicAddresses"], cidr: cloud.network.dynamicAddresses },
    ...poolsOf(cloud).map(([name, pool]) => ({ path: ["cloud", "pools", name, "addresses"], cidr: pool.addresses })),
  ];
}

/** Single addresses that have an owner, with what they are. */
function owned(cloud: Cloud): [string, string][] {
  const { cidr } = cloud.network;
  return [
    [gatewayAddress(cidr), "the router's address"],
    ...(cloud.apiEndpoint.kind === "loadBalancer"
      ? [[endpointAddress(cidr), "the API load balancer's address"] as [string, string]]
      : []),
    ...(cloud.bastion === undefined ? [] : [[cloud.bastion.address, "the bastion's address"] as [string, string]]),
  ];
}

/** A hint at a block of the machine network of the wanted size that nothing else has. */
function freeBlock(cloud: Cloud, own: string, prefix: number): string {
  const taken = [
    ...blocks(cloud)
      .map((block) => block.cidr)
      .filter((cidr) => cidr !== own),
    ...owned(cloud).map(([address]) => `${address}/32`),
  ];
  const free = freeNetwork(cloud.network.cidr, prefix, taken);
  return free === undefined ? "widen cloud.network.cidr, it has no free block of that size" : `write e.g. ${free}`;
}

function blocksInside(cloud: Cloud): Problem[] {
  const { cidr } = cloud.network;
  return blocks(cloud)
    .filter((block) => !contains(cidr, block.cidr))
    .map((block) => ({
      path: block.path,
      seen: `got ${block.cidr}, which is not inside cloud.network.cidr ${cidr}`,
      expected: "a block of the machine network",
      fix: freeBlock(cloud, block.cidr, Math.max(prefixLength(block.cidr), prefixLength(cidr))),
    }));
}

function blocksDisjoint(cloud: Cloud): Problem[] {
  const all = blocks(cloud);
  return all.flatMap((one, i) => {
    const other = all.slice(0, i).find((earlier) => overlaps(earlier.cidr, one.cidr));
    return other === undefined
      ? []
      : [
          {
            path: one.path,
            seen: `got ${one.cidr}, which overlaps ${pathText(other.path)} ${other.cidr}`,
            expected: "a block of its own",
            fix: freeBlock(cloud, one.cidr, prefixLength(one.cidr)),
          },
        ];
  });
}

function blocksWithoutOwned(cloud: Cloud): Problem[] {
  return blocks(cloud).flatMap((block) => {
    const inside = owned(cloud).filter(([address]) => contains(block.cidr, address));
    return inside.length === 0
      ? []
      : [
          {
            path: block.path,
            seen: `got ${block.cidr}, which holds ${inside.map(([address, what]) => `${address} (${what})`).join(", ")}`,
            expected: "a block without it",
            fix: freeBlock(cloud, block.cidr, prefixLength(block.cidr)),
          },
        ];
  });
}

function blocksLargeEnough(cloud: Cloud): Problem[] {
  const pools = poolsOf(cloud)
    .filter(([, pool]) => poolCapacity(pool.addresses) < pool.count)
    .map(([name, pool]) => {
      const prefix = 32 - Math.ceil(Math.log2(pool.count + 2));
      return {
        path: ["cloud", "pools", name, "addresses"],
        seen: `got ${pool.addresses}, which has ${poolCapacity(pool.addresses)} machine addresses for count ${pool.count}`,
        expected: `a block of at least /${prefix} (its first and last address stay free)`,
        fix: freeBlock(cloud, pool.addresses, prefix),
      };
    });
  const dynamic = cloud.network.dynamicAddresses;
  return poolCapacity(dynamic) >= leastDynamic
    ? pools
    : [
        {
          path: ["cloud", "network", "dynamicAddresses"],
          seen: `got ${dynamic}, which has ${poolCapacity(dynamic)} addresses to hand out`,
          expected: `at least ${leastDynamic}, for DHCP agents and load balancer`,
          fix: freeBlock(cloud, dynamic, 28),
        },
        ...pools,
      ];
}

function bastionInside(cloud: Cloud): Problem[] {
  if (cloud.bastion === undefined) {
    return [];
  }
  const { address } = cloud.bastion;
  const { cidr } = cloud.network;
  const { first, last } = parsedRange(cidr);
  const others: [string, string][] = [
    ...owned({ ...cloud, bastion: undefined }),
    [addressText(first), "the network's own address"],
    [addressText(last), "the network's broadcast address"],
  ];
  const clash = others.find(([other]) => other === address);
  const reason = contains(cidr, address) ? clash?.[1] : `not inside cloud.network.cidr ${cidr}`;
  if (reason === undefined) {
    return [];
  }
  const taken = [...blocks(cloud).map((block) => block.cidr), ...others.map(([other]) => `${other}/32`)];
  const free = freeNetwork(cidr, 32, taken)?.replace("/32", "");
  return [
    {
      path: ["cloud", "bastion", "address"],
      seen: `got ${address}, which is ${reason}`,
      expected: "a free address of the machine network",
      fix: free && `write e.g. ${free}`,
    },
  ];
}

/** Checks on blocks and single addresses of the machine network. */
export const addressChecks: readonly Check[] = [
  cloudCheck(
    "address blocks are inside the machine network",
    ["cloud.network.cidr", "cloud.network.dynamicAddresses", "cloud.pools.*.addresses"],
    blocksInside,
  ),
  cloudCheck(
    "address blocks share no address",
    ["cloud.network.dynamicAddresses", "cloud.pools.*.addresses"],
    blocksDisjoint,
  ),
  cloudCheck(
    "address blocks hold no address that has an owner",
    [
      "cloud.network.cidr",
      "cloud.network.dynamicAddresses",
      "cloud.pools.*.addresses",
      "cloud.apiEndpoint.kind",
      "cloud.bastion.address",
    ],
    blocksWithoutOwned,
  ),
  cloudCheck(
    "address blocks are large enough",
    ["cloud.network.dynamicAddresses", "cloud.pools.*.addresses", "cloud.pools.*.count"],
    blocksLargeEnough,
  ),
  cloudCheck(
    "the bastion has a free address of the machine network",
    ["cloud.network.cidr", "cloud.bastion.address", "cloud.apiEndpoint.kind"],
    bastionInside,
  ),
];
