/** Whom the log shippers may talk to, as a NetworkPolicy. */
import { Address4 } from "ip-address";
import type { LogArchive, Site } from "../../stacks/site/site";
import { MONITORING_NAMESPACE, PROMETHEUS } from "../monitoring/names";
import { allowDns, podsOf, tcp, type EgressRule, type NetworkPolicySpec } from "../kubernetes/networkPolicy";
import { LOG_SHIPPER, LOG_SHIPPER_METRICS_PORT } from "./names";
import { labelsOf } from "../kubernetes/names";

/** Labels of the log shippers' pods. */
export const LOG_SHIPPER_LABELS = labelsOf(LOG_SHIPPER);

/**
 * In: Prometheus, of a site that has one. Out: the archive; by its address when the endpoint has one, else its port anywhere
 * but in the site's own networks, since what stands behind a name may change.
 */
export function logPolicy(site: Site, archive: Pick<LogArchive, "endpoint">): NetworkPolicySpec {
  const prometheus = podsOf(MONITORING_NAMESPACE, labelsOf(PROMETHEUS));
  const watched = site.monitoring.mode !== "none";
  return {
    podSelector: { matchLabels: LOG_SHIPPER_LABELS },
    policyTypes: ["Ingress", "Egress"],
    ...(watched ? { ingress: [{ from: [prometheus], ports: tcp(LOG_SHIPPER_METRICS_PORT) }] } : {}),
    egress: towardsArchive(site, archive.endpoint),
  };
}

function towardsArchive(site: Site, endpoint: string): EgressRule[] {
  const { hostname, port, protocol } = new URL(endpoint);
  const ports = tcp(port === "" ? (protocol === "http:" ? 80 : 443) : Number(port));
  return Address4.isValid(hostname)
    ? [{ to: [{ ipBlock: { cidr: `${hostname}/32` } }], ports }]
    : [allowDns(), { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ownNetworks(site) } }], ports }];
}

/** Not what is closed to pilots: an archive of the institute may well be there. */
function ownNetworks({ cloud, network }: Site): string[] {
  const machines = cloud === undefined ? [] : [cloud.network.cidr];
  return [...new Set([...machines, network.podCidr, network.serviceCidr, "127.0.0.0/8", "169.254.0.0/16"])].sort();
}
