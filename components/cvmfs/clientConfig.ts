/** Configuration of the CVMFS client, the same on hosts and in the driver's pods but for where its squids and cache are. */
import type { CvmfsClient } from "../../stacks/site/site";
import { planPools } from "../cloud/plan";
import type { SiteContext } from "../cluster/siteContext";
import { SQUID_NAMESPACE, SQUID_PORT, SQUID_SERVICE } from "./names";

/** Where the client keeps its cache: of the host, or of the driver's pods, where the driver expects it. */
export const CACHE_BASE = { host: "/var/lib/cvmfs", csi: "/cvmfs-localcache" } as const;

/** What the client's configuration depends on. */
export interface ClientSite extends Pick<SiteContext, "site" | "capabilities"> {
  /** The stack file's section of CVMFS. */
  readonly cvmfs: CvmfsClient;
}

/**
 * URLs of the site's own squids as the client can reach them. Pods resolve the service's name to one address for each
 * squid; hosts know no name of the cluster, but the plan knows the machines the squids run on before either exists.
 */
function ownSquids({ site, capabilities: { machines }, cvmfs }: ClientSite): string[] {
  const { squid } = cvmfs;
  if (squid === undefined) {
    return [];
  }
  if (cvmfs.mode === "csi") {
    // The whole name: the client does not look through the search domains of a pod as other programs do.
    return [`http://${SQUID_SERVICE}.${SQUID_NAMESPACE}.svc.cluster.local:${SQUID_PORT}`];
  }
  if (machines === undefined || squid.exposure === "none") {
    return [];
  }
  return planPools(site.name, machines)
    .filter((pool) => pool.name === squid.pool)
    .flatMap((pool) => pool.machines.map((machine) => `http://${machine.address}:${squid.nodePort}`));
}

/**
 * Proxies as the client wants them: groups divided by `;` are asked one after another, members of a group, divided by
 * `|`, share the load. First the site's squids, then each of `cvmfs.proxies` for itself.
 */
export function proxyList(site: ClientSite): string {
  return [ownSquids(site).join("|"), ...site.cvmfs.proxies].filter((group) => group !== "").join(";");
}

/**
 * Parameters of the client, those of the stack file last: they win.
 * `CVMFS_NFILES` is left to the client's own default: a larger one than the limit of open files fails every mount.
 */
export function clientParameters(site: ClientSite): Record<string, string> {
  const { cvmfs } = site;
  return {
    CVMFS_REPOSITORIES: cvmfs.repositories.join(","),
    CVMFS_HTTP_PROXY: proxyList(site),
    // Of the squids each keeps its own share of the files, instead of every squid all of them.
    ...(cvmfs.squid === undefined ? {} : { CVMFS_PROXY_SHARD: "yes" }),
    CVMFS_USE_GEOAPI: "yes",
    CVMFS_QUOTA_LIMIT: String(cvmfs.cacheQuotaMb),
    CVMFS_CACHE_BASE: CACHE_BASE[cvmfs.mode],
    ...cvmfs.parameters,
  };
}

/**
 * Text of `/etc/cvmfs/default.local`. The client and its scripts read it as shell, so each value is quoted.
 * @throws RangeError for a value that quotes cannot hold
 */
export function defaultLocal(site: ClientSite): string {
  const lines = Object.entries(clientParameters(site)).map(([parameter, value]) => {
    if (/['"\\]|\p{Cc}/u.test(value)) {
      throw new RangeError(
        `${parameter} is ${JSON.stringify(value)}: a CVMFS parameter must be one line without quotes and backslashes`,
      );
    }
    return `${parameter}='${value}'\n`;
  });
  return ["# Written by atlas-site from the site's section cvmfs.\n", ...lines].join("");
}
