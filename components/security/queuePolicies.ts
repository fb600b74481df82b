/**
 * What a queue's pods may reach. Nothing reaches them. The rules are IPv4 only: a policy that names no IPv6 address closes
 * all of it.
 */
import type { Security } from "../../stacks/site/site";
import type { JobEgress } from "../cluster/contribution";
import type { SiteContext } from "../cluster/siteContext";
import { contains, overlaps } from "./ranges";
import {
  allowDns,
  allowEgress,
  denyAll,
  tcp,
  udp,
  type EgressRule,
  type NetworkPolicySpec,
} from "../kubernetes/networkPolicy";

/** What decides which networks are closed. */
export interface ClosedNetworks extends Pick<SiteContext, "capabilities" | "network"> {
  /** The stack file's security section. */
  readonly security: Pick<Security, "closedCidrs">;
}

/** What decides where a queue's pods may connect to. */
export interface QueueReach extends ClosedNetworks {
  readonly security: Pick<Security, "closedCidrs" | "pilotCidrs" | "pilotPorts">;
  /** What jobs reach of the site's features; default: nothing. */
  readonly jobEgress?: readonly JobEgress[];
}

/** A NetworkPolicy of a queue's namespace. */
export interface QueuePolicy {
  readonly name: string;
  /** What it opens and for what, for people. */
  readonly why: string;
  readonly spec: NetworkPolicySpec;
}

/** Addresses of nobody on the internet: private, shared, link-local (metadata), loopback, multicast, reserved. */
const NOT_THE_WORLD = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

const WORLD = "0.0.0.0/0";

/** Networks no pod of a queue may reach wherever they lie: the site's own, the metadata service, and what the site closes. */
export function closedNetworks({ capabilities, network, security }: ClosedNetworks): string[] {
  const { machineNetwork } = capabilities;
  const machines = machineNetwork === undefined ? [] : [machineNetwork];
  return [...machines, network.podCidr, network.serviceCidr, "127.0.0.0/8", "169.254.0.0/16", ...security.closedCidrs];
}

/** Rule to a network, less what in it is closed; undefined when nothing is left. */
function towards(cidr: string, closed: readonly string[], site: QueueReach): EgressRule | undefined {
  if (closed.some((network) => contains(network, cidr))) {
    return undefined;
  }
  const inside = [...new Set(closed)].filter((network) => overlaps(network, cidr));
  // One inside another would be said twice.
  const except = inside.filter((one) => !inside.some((other) => other !== one && contains(other, one))).sort();
  const { pilotPorts } = site.security;
  return {
    to: [{ ipBlock: { cidr, ...(except.length === 0 ? {} : { except }) } }],
    ports: [...tcp(...pilotPorts.tcp), ...udp(...pilotPorts.udp)],
  };
}

/** The policies of a queue's namespace, the same for every queue. */
export function queuePolicies(site: QueueReach): QueuePolicy[] {
  const closed = closedNetworks(site);
  const world = towards(WORLD, [...NOT_THE_WORLD, ...closed], site);
  const own = site.security.pilotCidrs.map((cidr) => towards(cidr, closed, site));
  const everyPod = {};
  return [
    { name: "default-deny", why: "closes everything, in and out", spec: denyAll() },
    {
      name: "allow-dns",
      why: "the cluster's name service",
      spec: allowEgress(everyPod, [allowDns()]),
    },
    {
      name: "allow-pilots",
      why: "PanDA, storage and Frontier anywhere in the world, and the private networks that the site names",
      spec: allowEgress(
        everyPod,
        [world, ...own].filter((rule) => rule !== undefined),
      ),
    },
    ...(site.jobEgress ?? []).map(({ name, why, egress }) => ({ name, why, spec: allowEgress(everyPod, egress) })),
  ];
}
