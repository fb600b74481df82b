/** Whom a Harvester inside the cluster, and its database, may talk to. */
import { closedNetworks } from "../security/queuePolicies";
import {
  allowApi,
  allowDns,
  allowEgress,
  allowIngress,
  tcp,
  type NetworkPolicySpec,
} from "../kubernetes/networkPolicy";
import { DATABASE, DATABASE_PORT, SERVICE } from "./names";
import { labelsOf } from "../kubernetes/names";
import type { ServiceSite } from "./servicePlan";

/** Label of the service's pods. */
export const SERVICE_LABELS = labelsOf(SERVICE);

/** Label of the database's pods. */
export const DATABASE_LABELS = labelsOf(DATABASE);

/**
 * Policies by name; the namespace lets nothing through beside them. PanDA and its cache go by names whose addresses change,
 * so their ports are open to the world and to networks that are not the site's; CRIC is at 443.
 */
export function servicePolicies(site: ServiceSite): Record<string, NetworkPolicySpec> {
  const { database, pandaUrl, cacheUrl } = site.harvester;
  const ports = [...new Set([443, portOf(pandaUrl), portOf(cacheUrl)])].sort((one, other) => one - other);
  const outside = {
    to: [{ ipBlock: { cidr: "0.0.0.0/0", except: closedNetworks(site).sort() } }],
    ports: tcp(...ports),
  };
  const toDatabase = { to: [{ podSelector: { matchLabels: DATABASE_LABELS } }], ports: tcp(DATABASE_PORT) };
  const fromHarvester = { from: [{ podSelector: { matchLabels: SERVICE_LABELS } }], ports: tcp(DATABASE_PORT) };
  return {
    [SERVICE]: allowEgress(SERVICE_LABELS, [
      allowDns(),
      allowApi(site),
      outside,
      ...(database === "mariadb" ? [toDatabase] : []),
    ]),
    ...(database === "mariadb" ? { [DATABASE]: allowIngress(DATABASE_LABELS, [fromHarvester]) } : {}),
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port || 443);
}
