/** Whom the driver's pods may reach. Nobody reaches them: the kubelet comes by a socket. */
import type { CsiCvmfs } from "../../../stacks/site/site";
import { allowApi, allowDns, allowEgress, podsOf, tcp, type NetworkPolicySpec } from "../../kubernetes/networkPolicy";
import type { SiteContext } from "../../cluster/siteContext";
import { SQUID_NAMESPACE, SQUID_PORT } from "../names";

/** Stratum ones, for a client that may go DIRECT. */
const SERVER_PORTS = [80, 8000];
/** Backup proxies that the config repository adds, at CERN and Fermilab. */
const BACKUP_PROXY_PORTS = [3126];

/** TCP ports the client may use outside the cluster. */
function outsidePorts(cvmfs: CsiCvmfs): number[] {
  const ports = cvmfs.proxies.flatMap((proxy) =>
    proxy === "DIRECT" ? SERVER_PORTS : [Number(proxy.slice(proxy.lastIndexOf(":") + 1))],
  );
  return [...new Set([...BACKUP_PROXY_PORTS, ...ports])].sort((one, other) => one - other);
}

/** Names, the site's squids, the other proxies. Proxies are given by name, so no address can stand here. */
export function nodePluginPolicy(cvmfs: CsiCvmfs, labels: Readonly<Record<string, string>>): NetworkPolicySpec {
  return allowEgress(labels, [
    allowDns(),
    ...(cvmfs.squid === undefined ? [] : [{ to: [podsOf(SQUID_NAMESPACE)], ports: tcp(SQUID_PORT) }]),
    {
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
      ports: tcp(...outsidePorts(cvmfs)),
    },
  ]);
}

/** The API alone. */
export function controllerPolicy(
  site: Pick<SiteContext, "capabilities" | "network">,
  labels: Readonly<Record<string, string>>,
): NetworkPolicySpec {
  return allowEgress(labels, [allowApi(site)]);
}
