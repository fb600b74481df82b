/** Ports of the nodes that lead to services of the site: the firewall opens them, the services listen at them. */
import type { Squid } from "../../stacks/site";

const LAST_NODE_PORT = 32_767;

/** Ports of the nodes that lead to the squids. */
export interface SquidNodePorts {
  /** TCP, of the proxy. */
  readonly proxy: number;
  /** UDP, of SNMP; undefined when nobody may read it. */
  readonly snmp?: number;
}

/** Ports that a site's squids take on the nodes; undefined when they have no entrance. */
export function squidNodePorts(squid: Squid): SquidNodePorts | undefined {
  if (squid.entrance === "none") {
    return undefined;
  }
  const beside = squid.nodePort === LAST_NODE_PORT ? squid.nodePort - 1 : squid.nodePort + 1;
  return { proxy: squid.nodePort, ...(squid.snmpCidrs.length === 0 ? {} : { snmp: beside }) };
}
