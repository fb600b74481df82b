/** Ports that the site's squids open on machines. */
import type { Cloud, Cvmfs } from "../../stacks/site/site";
import { cidrName, type FirewallRule, groupOfPool } from "../cloud/firewall";
import { squidNodePorts } from "./squidPlan";

/** Node ports of the squids' exposure, on machines of the group they run on. */
export function squidOpenings(cloud: Cloud, cvmfs: Cvmfs): FirewallRule[] {
  const squid = cvmfs.mode === "none" ? undefined : cvmfs.squid;
  const ports = squid === undefined ? undefined : squidNodePorts(squid);
  if (squid === undefined || ports === undefined) {
    return [];
  }
  const group = groupOfPool(cloud, squid.pool);
  const rule = (name: string, port: number, from: FirewallRule["from"], why: string): FirewallRule => {
    const protocol = port === ports.snmp ? "udp" : "tcp";
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
