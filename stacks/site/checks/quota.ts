/** Whether the plan stays within what the OpenStack project may use. */
import { demand } from "../../../components/cloud/plan";
import type { Problem } from "../problem";
import type { Cloud, Site } from "../site";
import { cloudCheck, poolsOf, type Check } from "./check";

/** Neutron makes the DHCP agent a port in every network, and counts it as the project's. */
const dhcpPorts = 1;

/** Who takes how much of a quota, for the message. */
function shares(cloud: Cloud, size: "vcpus" | "ramMb"): string {
  const machines = poolsOf(cloud).map(([name, pool]) => `${name} ${pool.count} × ${pool.flavor[size]}`);
  const bastion = cloud.bastion === undefined ? [] : [`bastion ${cloud.bastion.flavor[size]}`];
  return [...machines, ...bastion].join(", ");
}

function withinQuota(cloud: Cloud, site: Site): Problem[] {
  // The plan gives every machine its address, which a block that is too small cannot; the sums do not depend on it.
  const pools = Object.fromEntries(poolsOf(cloud).map(([name, pool]) => [name, { ...pool, addresses: "10.0.0.0/8" }]));
  const needed = demand(site.site.name, { ...cloud, pools });
  const ports = needed.ports + (cloud.network.adopt === undefined ? dhcpPorts : 0);
  const rows: [keyof typeof needed, number, string][] = [
    [
      "instances",
      needed.instances,
      poolsOf(cloud)
        .map(([name, pool]) => `${name} ${pool.count}`)
        .join(", "),
    ],
    ["cores", needed.cores, shares(cloud, "vcpus")],
    ["ramMb", needed.ramMb, shares(cloud, "ramMb")],
    ["ports", ports, "one a machine, and those of DHCP, router and load balancer"],
    ["floatingIps", needed.floatingIps, "API endpoint and bastion"],
  ];
  return rows
    .filter(([key, need]) => need > cloud.quota[key])
    .map(([key, need, what]) => ({
      path: ["cloud", "quota", key],
      seen: `got ${cloud.quota[key]}`,
      expected: `at least the ${need} that the plan takes (${what})`,
      fix: "make a pool smaller, or have the project's quota raised and write it here",
    }));
}

/** Checks on the project's quota. */
export const quotaChecks: readonly Check[] = [
  cloudCheck(
    "the plan stays within the project's quota",
    [
      "cloud.quota.**",
      "cloud.pools.*.count",
      "cloud.pools.*.flavor.**",
      "cloud.apiEndpoint.**",
      "cloud.externalNetwork",
      "cloud.network.adopt",
      "cloud.bastion.flavor.**",
    ],
    withinQuota,
  ),
];
