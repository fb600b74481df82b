/** Ports of the nodes that services of the site listen at or are led to from; the firewall opens them. */
import type { Squid } from "../../stacks/site/site";

/** Port of node-exporter on each machine. */
export const NODE_METRICS_PORT = 9100;

/**
 * Ports of a control-plane machine that lead to metrics of programs which speak to loopback alone. Not the programs' own:
 * Kubernetes would find those ports of the machine taken.
 */
export const CONTROL_PLANE_METRICS_PORTS = { scheduler: 11_259, "controller-manager": 11_257, etcd: 11_381 } as const;

const LAST_NODE_PORT = 32_767;

/** Ports of the nodes that lead to the squids. */
export interface SquidNodePorts {
  /** TCP, of the proxy. */
  readonly proxy: number;
  /** UDP, of SNMP; undefined when nobody may read it. */
  readonly snmp?: number;
}

/** Ports that a site's squids take on the nodes; undefined when they have no exposure. */
export function squidNodePorts(squid: Squid): SquidNodePorts | undefined {
  if (squid.exposure === "none") {
    return undefined;
  }
  const beside = squid.nodePort === LAST_NODE_PORT ? squid.nodePort - 1 : squid.nodePort + 1;
  return { proxy: squid.nodePort, ...(squid.snmpCidrs.length === 0 ? {} : { snmp: beside }) };
}
