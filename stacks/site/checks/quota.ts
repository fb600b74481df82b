/** Whether the plan stays within what the OpenStack project may use. */
import { planFirewall, planGroups } from "../../../components/cloud/firewall";
import { demand, serverGroups } from "../../../components/cloud/plan";
import { claims, openings } from "../../../components/features/features";
import type { Problem } from "../problem";
import type { Cloud, Site } from "../site";
import { cloudCheck, poolsOf, when, type Check } from "./check";
import { CLAIMS } from "./storage";

/** Neutron makes the DHCP agent a port in every network, and counts it as the project's. */
const dhcpPorts = 1;

/** Who takes how much of a quota, for the message. */
function shares(cloud: Cloud, size: "vcpus" | "ramMb"): string {
  const machines = poolsOf(cloud).map(([name, pool]) => `${name} ${pool.count} × ${pool.flavor[size]}`);
  const bastion = cloud.bastion === undefined ? [] : [`bastion ${cloud.bastion.flavor[size]}`];
  return [...machines, ...bastion].join(", ");
}

/** OpenStack writes -1 for no limit. */
function exceeds(need: number, limit: number): boolean {
  return limit >= 0 && need > limit;
}

/** A quota that is smaller than what the plan takes. */
function tooSmall(cloud: Cloud, key: keyof Cloud["quota"], need: number, what: string, smaller: string): Problem[] {
  return when(exceeds(need, cloud.quota[key]), {
    path: ["cloud", "quota", key],
    seen: `got ${cloud.quota[key]}`,
    expected: `at least the ${need} that the plan takes (${what})`,
    fix: `${smaller}, or have the project's quota raised and write it here`,
  });
}

function withinGroupQuota(cloud: Cloud): Problem[] {
  const groups = serverGroups(cloud);
  const largest = Math.max(0, ...groups.map(({ members }) => members));
  const what = groups.map(({ role, members }) => `${role} ${members}`).join(", ");
  const smaller = "use fewer and larger machines";
  return [
    ...tooSmall(cloud, "serverGroups", groups.length, what, smaller),
    ...tooSmall(cloud, "serverGroupMembers", largest, what, smaller),
  ];
}

/** Neutron gives a new group a rule for outgoing traffic of each address family, and the project has a group of its own. */
const RULES_PER_GROUP = 2;
const DEFAULT_GROUP_RULES = 4;

function withinFirewallQuota(cloud: Cloud, site: Site): Problem[] {
  const groups = planGroups(cloud).length;
  const rules = planFirewall(cloud, openings(site)).length + groups * RULES_PER_GROUP + DEFAULT_GROUP_RULES;
  const own = "and those of the project's default group";
  return [
    ...tooSmall(
      cloud,
      "securityGroups",
      groups + 1,
      `the site's, ${own.replace("those of ", "")}`,
      "remove the bastion",
    ),
    ...tooSmall(cloud, "securityGroupRules", rules, `the site's (docs/firewall.md), ${own}`, "name fewer networks"),
  ];
}

function withinVolumeQuota(cloud: Cloud, site: Site): Problem[] {
  const cache = site.cvmfs.mode === "host" ? site.cvmfs.cacheVolumeGb : undefined;
  const disks = poolsOf(cloud).flatMap(([name, { role, count, bootVolumeGb }]) => [
    { name: `boot disks of ${name}`, count, sizeGb: bootVolumeGb ?? 0 },
    { name: `CVMFS caches of ${name}`, count, sizeGb: role === "batch" ? (cache ?? 0) : 0 },
  ]);
  const claimed = site.storage.class === "cinder" ? claims(site) : [];
  const volumes = [
    ...disks.filter(({ sizeGb }) => sizeGb > 0),
    ...claimed.map(({ sizePath, count, sizeGb }) => ({ name: sizePath.join("."), count, sizeGb })),
  ];
  const sum = (of: (volume: (typeof volumes)[number]) => number) => volumes.reduce((total, one) => total + of(one), 0);
  const what = volumes.map(({ name, count, sizeGb }) => `${name} ${count} × ${sizeGb} GB`).join(", ");
  const smaller = "use disks of the flavor instead";
  return [
    ...tooSmall(
      cloud,
      "volumes",
      sum(({ count }) => count),
      what,
      smaller,
    ),
    ...tooSmall(
      cloud,
      "volumesGb",
      sum(({ count, sizeGb }) => count * sizeGb),
      what,
      smaller,
    ),
  ];
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
    .filter(([key, need]) => exceeds(need, cloud.quota[key]))
    .map(([key, need, what]) => ({
      path: ["cloud", "quota", key],
      seen: `got ${cloud.quota[key]}`,
      expected: `at least the ${need} that the plan takes (${what})`,
      fix: "make a pool smaller, or have the project's quota raised and write it here",
    }));
}

/** What the features' openings rest on. */
const OPENINGS: readonly string[] = ["cluster.provisioner", "cvmfs.**", "monitoring.**"];

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
  cloudCheck(
    "server groups stay within the project's quota",
    ["cloud.quota.serverGroups", "cloud.quota.serverGroupMembers", "cloud.pools.*.role", "cloud.pools.*.count"],
    withinGroupQuota,
  ),
  cloudCheck(
    "the firewall stays within the project's quota",
    [
      ...["cloud.quota.securityGroups", "cloud.quota.securityGroupRules"],
      ...["cloud.network.cidr", "cloud.apiEndpoint.**", "cloud.sshCidrs", "cloud.bastion.**"],
      ...["cloud.pools.*.role", ...OPENINGS],
    ],
    withinFirewallQuota,
  ),
  cloudCheck(
    "volumes stay within the project's quota",
    [
      ...["cloud.quota.volumes", "cloud.quota.volumesGb", "cloud.pools.*.role", "cloud.pools.*.count"],
      ...["cloud.pools.*.bootVolumeGb", "cvmfs.mode", "cvmfs.cacheVolumeGb", "storage.class", ...CLAIMS],
    ],
    withinVolumeQuota,
  ),
];
