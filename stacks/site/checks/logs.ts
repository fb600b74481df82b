/** Whether logs have somewhere to go that outlives the cluster. */
import { contains } from "../ipv4";
import type { Problem } from "../problem";
import type { LogArchive, Site } from "../site";
import type { Check } from "./check";

/** Names that are known inside the cluster alone: those of services, and those without a domain. */
const INSIDE = /(^|\.)(svc|local|localhost)$|^[^.]+$/;

const EXPECTED = "the address of an archive outside the cluster, which is still there when the cluster is not";

function archives({ logs }: Site): LogArchive[] {
  return logs.mode === "none" ? [] : [logs];
}

function problem(endpoint: string, why: string): Problem {
  return {
    path: ["logs", "endpoint"],
    seen: `got ${endpoint}, ${why}`,
    expected: EXPECTED,
    fix: "name the archive as the pods of the cluster reach it, or write logs.mode none",
  };
}

/** What an archive in the cluster has goes with the cluster, and the shippers' network policy lets nothing through to it. */
function archiveOutside(site: Site): Problem[] {
  const own = {
    "network.podCidr": site.network.podCidr,
    "network.serviceCidr": site.network.serviceCidr,
    "the pod itself": "127.0.0.0/8",
    "the cloud's metadata service": "169.254.0.0/16",
  };
  return archives(site).flatMap(({ endpoint }) => {
    if (!URL.canParse(endpoint)) {
      return [problem(endpoint, "which is no URL: address or port are beyond what there is")];
    }
    const { hostname } = new URL(endpoint);
    if (!/^[\d.]+$/.test(hostname)) {
      return INSIDE.test(hostname) ? [problem(endpoint, `and ${hostname} is no name of the world outside`)] : [];
    }
    const inside = Object.entries(own).find(([, cidr]) => contains(cidr, `${hostname}/32`));
    return inside === undefined ? [] : [problem(endpoint, `which is in ${inside[0]} (${inside[1]})`)];
  });
}

/** Checks on where logs go. */
export const logChecks: readonly Check[] = [
  {
    title: "logs go to an archive outside the cluster",
    needs: ["logs.mode", "logs.endpoint", "network.podCidr", "network.serviceCidr"],
    run: archiveOutside,
  },
];
