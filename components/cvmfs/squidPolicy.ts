/** Who may reach the squids and whom they may reach, as a NetworkPolicy. */
import type { Squid } from "../../stacks/site/site";
import { QUEUE_LABEL } from "../security/names";
import {
  allowDns,
  tcp,
  udp,
  type IngressRule,
  type NetworkPolicySpec,
  type PolicyPeer,
} from "../kubernetes/networkPolicy";
import { SQUID_PORT } from "./names";
import { ORIGIN_PORTS } from "./squidConfig";
import { SNMP_PORT, SQUID_LABELS, trafficPolicy, type SquidSite } from "./squidPlan";
import { INFRASTRUCTURE_LABEL } from "../kubernetes/names";

/** Networks that are not the world: a squid that was led astray must reach nothing of the site. */
function ownNetworks({ capabilities: { machineNetwork }, network }: SquidSite): string[] {
  const machines = machineNetwork === undefined ? [] : [machineNetwork];
  return [...machines, network.podCidr, network.serviceCidr, "169.254.0.0/16"];
}

/** Clients outside the pod network, by the addresses their packets have when they come to the pod. */
function outsideClients({ capabilities, network }: SquidSite, squid: Squid): PolicyPeer[] {
  if (squid.exposure === "none") {
    return [];
  }
  const block = (cidr: string): PolicyPeer => ({ ipBlock: { cidr } });
  const { machineNetwork } = capabilities;
  if (machineNetwork === undefined) {
    return [block("0.0.0.0/0")];
  }
  // What a node hands on to another node's squid comes from an address of the pod network.
  const handedOn = trafficPolicy(capabilities, squid) === "Cluster" ? [network.podCidr] : [];
  return [machineNetwork, ...handedOn].map(block);
}

/**
 * In: queues' pods, the site's services, machines by the exposure, SNMP from its readers; where the site is monitored,
 * monitoring adds a policy for its scrapes. Out: names, and stratum ones and launchpads anywhere but in the site itself.
 */
export function squidPolicy(site: SquidSite, squid: Squid): NetworkPolicySpec {
  const jobs: PolicyPeer = { namespaceSelector: { matchExpressions: [{ key: QUEUE_LABEL, operator: "Exists" }] } };
  const services: PolicyPeer = { namespaceSelector: { matchLabels: { [INFRASTRUCTURE_LABEL]: "true" } } };
  const ingress: IngressRule[] = [
    { from: [jobs, services, ...outsideClients(site, squid)], ports: tcp(SQUID_PORT) },
    ...(squid.snmpCidrs.length === 0
      ? []
      : [{ from: squid.snmpCidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: udp(SNMP_PORT) }]),
  ];
  return {
    podSelector: { matchLabels: SQUID_LABELS },
    policyTypes: ["Ingress", "Egress"],
    ingress,
    egress: [
      allowDns(),
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ownNetworks(site) } }], ports: tcp(...ORIGIN_PORTS) },
    ],
  };
}
