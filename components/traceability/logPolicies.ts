/** Whom the log shippers may talk to, as a NetworkPolicy. */
import { Address4 } from "ip-address";
import type { SiteContext } from "../cluster/siteContext";
import { allowDns, tcp, type EgressRule, type NetworkPolicySpec } from "../kubernetes/networkPolicy";
import type { ShippingSite } from "./collectorConfiguration";
import { LOG_SHIPPER } from "./names";
import { labelsOf } from "../kubernetes/names";

/** Labels of the log shippers' pods. */
export const LOG_SHIPPER_LABELS = labelsOf(LOG_SHIPPER);

/**
 * In: nothing; monitoring adds a policy of its own. Out: the archive; by its address when the endpoint has one, else its port anywhere
 * but in the site's own networks, since what stands behind a name may change.
 */
export function logPolicy(site: ShippingSite): NetworkPolicySpec {
  return {
    podSelector: { matchLabels: LOG_SHIPPER_LABELS },
    policyTypes: ["Ingress", "Egress"],
    egress: towardsArchive(site, site.archive.endpoint),
  };
}

function towardsArchive(site: SiteContext, endpoint: string): EgressRule[] {
  const { hostname, port, protocol } = new URL(endpoint);
  const ports = tcp(port === "" ? (protocol === "http:" ? 80 : 443) : Number(port));
  return Address4.isValid(hostname)
    ? [{ to: [{ ipBlock: { cidr: `${hostname}/32` } }], ports }]
    : [allowDns(), { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ownNetworks(site) } }], ports }];
}

/** Not what is closed to pilots: an archive of the institute may well be there. */
function ownNetworks({ capabilities: { machineNetwork }, network }: SiteContext): string[] {
  const machines = machineNetwork === undefined ? [] : [machineNetwork];
  return [...new Set([...machines, network.podCidr, network.serviceCidr, "127.0.0.0/8", "169.254.0.0/16"])].sort();
}
