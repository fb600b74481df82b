/** Security group rules as a table: who may reach which port of which role, and why. Everything else is closed. */
import type { Cloud, Cvmfs, Site } from "../../stacks/site/site";
import { API_SERVER_PORT, KUBELET_PORT, VXLAN_PORT } from "../kubernetes/ports";
import { CONTROL_PLANE_METRICS_PORTS, NODE_METRICS_PORT, squidNodePorts } from "./nodePorts";
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

/** Groups the site needs: the bastion's only when there is one. */
export function planGroups(cloud: Cloud): Group[] {
  return cloud.bastion === undefined ? ["control-plane", "worker"] : ["control-plane", "worker", "bastion"];
}

const nodeGroups: readonly Group[] = ["control-plane", "worker"];

/**
 * The whole rule table of a site.
 * @param cvmfs its squids may be exposed on ports of the nodes
 * @param monitoring Prometheus reads metrics of every machine
 */
export function planFirewall(
  cloud: Cloud,
  cvmfs: Cvmfs = { mode: "none" },
  monitoring: Site["monitoring"] = { mode: "none" },
): FirewallRule[] {
  return [
    ...apiRules(cloud),
    ...nodeRules(),
    ...scrapeRules(cloud, monitoring),
    ...squidRules(cloud, cvmfs),
    ...sshRules(cloud),
  ];
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
      : nodeGroups.map((group) => api(group, { group }, "nodes work through the Kubernetes API"));
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
  for (const group of nodeGroups) {
    rules.push({
      name: `kubelet-of-${group}`,
      group,
      protocol: "tcp",
      ports: [KUBELET_PORT, KUBELET_PORT],
      from: { group: "control-plane" },
      why: "the API server reads logs and opens exec through the kubelet",
    });
    for (const peer of nodeGroups) {
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

/**
 * Metrics of the machines themselves, for machines of Prometheus' group: packets of a pod to another machine come with the
 * address of its own. Kubelets let nobody read without a token; what is at 9100 is figures of the machine, and no secret.
 */
function scrapeRules(cloud: Cloud, monitoring: Site["monitoring"]): FirewallRule[] {
  if (monitoring.mode === "none") {
    return [];
  }
  const from = groupOf(cloud.pools[monitoring.pool]?.role ?? "services");
  const rule = (name: string, group: Group, port: number, why: string): FirewallRule => {
    return {
      name: `${name}-of-${group}-from-${from}`,
      group,
      protocol: "tcp",
      ports: [port, port],
      from: { group: from },
      why,
    };
  };
  const everywhere = nodeGroups.flatMap((group) => [
    // The control plane is let to kubelets in any case.
    ...(from === "control-plane"
      ? []
      : [rule("kubelet", group, KUBELET_PORT, "Prometheus reads what kubelets measure")]),
    rule("node-metrics", group, NODE_METRICS_PORT, "Prometheus reads the machine's own figures"),
  ]);
  const control = Object.entries(CONTROL_PLANE_METRICS_PORTS).map(([program, port]) =>
    rule(`${program}-metrics`, "control-plane", port, `Prometheus reads metrics of ${program}, past a guard`),
  );
  return [...everywhere, ...control];
}

/** The only node ports that are ever open: those of the squids' exposure, on machines of the group they run on. */
function squidRules(cloud: Cloud, cvmfs: Cvmfs): FirewallRule[] {
  const squid = cvmfs.mode === "none" ? undefined : cvmfs.squid;
  const ports = squid === undefined ? undefined : squidNodePorts(squid);
  if (squid === undefined || ports === undefined) {
    return [];
  }
  const rule = (name: string, port: number, from: FirewallRule["from"], why: string): FirewallRule => {
    const protocol = port === ports.snmp ? "udp" : "tcp";
    const group = groupOf(cloud.pools[squid.pool]?.role ?? "services");
    return { name: `squid-from-${name}`, group, protocol, ports: [port, port], from, why };
  };
  if (squid.exposure === "loadBalancer") {
    const machines = { cidr: cloud.network.cidr };
    const why = "the squids' load balancer reaches its members from the machine network";
    return [
      rule("machines", ports.proxy, machines, why),
      ...(ports.snmp === undefined ? [] : [rule("machines-snmp", ports.snmp, machines, why)]),
    ];
  }
  return [
    ...(cvmfs.mode === "host"
      ? [rule("worker", ports.proxy, { group: "worker" }, "CVMFS clients on batch machines reach the site's squids")]
      : []),
    ...squid.snmpCidrs.flatMap((cidr) =>
      ports.snmp === undefined
        ? []
        : [rule(cidrName(cidr), ports.snmp, { cidr }, "monitoring of the squids by SNMP, named in snmpCidrs")],
    ),
  ];
}

function sshRules(cloud: Cloud): FirewallRule[] {
  const ssh = (name: string, group: Group, from: FirewallRule["from"], why: string): FirewallRule => {
    return { name: `ssh-to-${group}-from-${name}`, group, protocol: "tcp", ports: [22, 22], from, why };
  };
  const direct = nodeGroups.flatMap((group) =>
    cloud.sshCidrs.map((cidr) => ssh(cidrName(cidr), group, { cidr }, "administrators, named in sshCidrs")),
  );
  if (cloud.bastion === undefined) {
    return direct;
  }
  return [
    ...direct,
    ...nodeGroups.map((group) => ssh("bastion", group, { group: "bastion" }, "administrators by way of the bastion")),
    ...cloud.bastion.allowedCidrs.map((cidr) =>
      ssh(cidrName(cidr), "bastion", { cidr }, "the way in for administrators"),
    ),
  ];
}

function cidrName(cidr: string): string {
  return cidr.replace(/[./]/g, "-");
}
