/** Ports that monitoring opens on machines. */
import type { Cloud, Site } from "../../stacks/site/site";
import { type FirewallRule, type Group, groupOfPool, NODE_GROUPS } from "../cloud/firewall";
import { KUBELET_PORT } from "../kubernetes/ports";
import { CONTROL_PLANE_METRICS_PORTS, NODE_METRICS_PORT } from "./names";

/**
 * Metrics of the machines themselves, for machines of Prometheus' group: packets of a pod to another machine come with the
 * address of its own. Kubelets let nobody read without a token; node-exporter's metrics are figures of the machine, and no
 * secret.
 */
export function scrapeOpenings(cloud: Cloud, monitoring: Site["monitoring"]): FirewallRule[] {
  if (monitoring.mode === "none") {
    return [];
  }
  const from = groupOfPool(cloud, monitoring.pool);
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
  const everywhere = NODE_GROUPS.flatMap((group) => [
    // The control plane reaches kubelets in any case.
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
