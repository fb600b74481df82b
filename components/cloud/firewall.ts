/** Security group rules as a table: who may reach which port of which role, and why. Everything else is closed. */
import type { Cloud } from "../../stacks/site/site";
import { API_SERVER_PORT, KUBELET_PORT, VXLAN_PORT } from "../kubernetes/ports";
import type { Role } from "./plan";

/** Security groups of a site. Batch and services machines share one. */
export type Group = "control-plane" | "worker" | "bastion";

/** One ingress rule. */
export interface FirewallRule {
  /** Stable and unique in the site: part of the resource's name. */
  readonly name: string;
  /** Group the rule opens. */
  readonly group: Group;
  readonly protocol: "tcp" | "udp" | "icmp";
  /** First and last port; absent for icmp. */
  readonly ports?: readonly [number, number];
  /** Another group of the site, or an IPv4 network. */
  readonly from: { readonly group: Group } | { readonly cidr: string };
  /** Why the port is open. */
  readonly why: string;
}

/** The group a machine of this role belongs to. */
export function groupOf(role: Role): Group {
  return role === "control-plane" ? "control-plane" : "worker";
}

/** The group of a pool's machines; of a pool that is not there, which the checks refuse, the workers'. */
export function groupOfPool(cloud: Cloud, pool: string): Group {
  return groupOf(cloud.pools[pool]?.role ?? "services");
}

/** Groups the site needs: the bastion's only when there is one. */
export function planGroups(cloud: Cloud): Group[] {
  return cloud.bastion === undefined ? ["control-plane", "worker"] : ["control-plane", "worker", "bastion"];
}

/** Groups of the machines that are nodes. */
export const NODE_GROUPS: readonly Group[] = ["control-plane", "worker"];

/**
 * The whole rule table of a site.
 * @param openings ports that the site's features open
 */
export function planFirewall(cloud: Cloud, openings: readonly FirewallRule[] = []): FirewallRule[] {
  return [...apiRules(cloud), ...nodeRules(), ...openings, ...sshRules(cloud)];
}

function apiRules(cloud: Cloud): FirewallRule[] {
  const api = (name: string, from: FirewallRule["from"], why: string): FirewallRule => {
    return {
      name: `api-from-${name}`,
      group: "control-plane",
      protocol: "tcp",
      ports: [API_SERVER_PORT, API_SERVER_PORT],
      from,
      why,
    };
  };
  const clients = cloud.apiEndpoint.allowedCidrs
    .filter((cidr) => cidr !== cloud.network.cidr)
    .map((cidr) => api(cidrName(cidr), { cidr }, "clients of the Kubernetes API"));
  const balancer =
    cloud.apiEndpoint.kind === "loadBalancer"
      ? [
          api(
            "load-balancer",
            { cidr: cloud.network.cidr },
            "the load balancer reaches its members from the machine network",
          ),
        ]
      : NODE_GROUPS.map((group) => api(group, { group }, "nodes work through the Kubernetes API"));
  return [...balancer, ...clients];
}

function nodeRules(): FirewallRule[] {
  const rules: FirewallRule[] = [
    {
      name: "etcd-from-control-plane",
      group: "control-plane",
      protocol: "tcp",
      ports: [2379, 2380],
      from: { group: "control-plane" },
      why: "etcd clients and peers, on the control plane only",
    },
  ];
  for (const group of NODE_GROUPS) {
    rules.push({
      name: `kubelet-of-${group}`,
      group,
      protocol: "tcp",
      ports: [KUBELET_PORT, KUBELET_PORT],
      from: { group: "control-plane" },
      why: "the API server reads logs and opens exec through the kubelet",
    });
    for (const peer of NODE_GROUPS) {
      rules.push({
        name: `overlay-of-${group}-from-${peer}`,
        group,
        protocol: "udp",
        ports: [VXLAN_PORT, VXLAN_PORT],
        from: { group: peer },
        why: "pod network between nodes (VXLAN)",
      });
    }
  }
  return rules;
}

function sshRules(cloud: Cloud): FirewallRule[] {
  const ssh = (name: string, group: Group, from: FirewallRule["from"], why: string): FirewallRule => {
    return { name: `ssh-to-${group}-from-${name}`, group, protocol: "tcp", ports: [22, 22], from, why };
  };
  const direct = NODE_GROUPS.flatMap((group) =>
    cloud.sshCidrs.map((cidr) => ssh(cidrName(cidr), group, { cidr }, "administrators, named in sshCidrs")),
  );
  if (cloud.bastion === undefined) {
    return direct;
  }
  return [
    ...direct,
    ...NODE_GROUPS.map((group) => ssh("bastion", group, { group: "bastion" }, "administrators by way of the bastion")),
    ...cloud.bastion.allowedCidrs.map((cidr) =>
      ssh(cidrName(cidr), "bastion", { cidr }, "the way in for administrators"),
    ),
  ];
}

/** A network as part of a rule's name. */
export function cidrName(cidr: string): string {
  return cidr.replace(/[./]/g, "-");
}
