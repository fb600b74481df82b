/** Configuration of the CVMFS client, the same on hosts and in the driver's pods but for where its squids and cache are. */
import type { CvmfsClient } from "../../stacks/site/site";
import { planPools } from "../cloud/plan";
import type { SiteContext } from "../cluster/siteContext";
import { CONFIG_REPOSITORY, SQUID_NAMESPACE, SQUID_PORT, SQUID_SERVICE } from "./names";
import { trafficPolicy } from "./squidPlan";

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
 * Whether the client can choose among the site's squids: pods see an address for each; behind a node port only where each
 * machine hands requests to its own squid. Elsewhere one address leads to any squid, and shares of files mean nothing.
 */
function choosesSquid(site: ClientSite): boolean {
  const { squid, mode } = site.cvmfs;
  if (squid === undefined) {
    return false;
  }
  return mode === "csi"
    ? squid.replicas > 1
    : ownSquids(site).length > 1 && trafficPolicy(site.capabilities, squid) === "Local";
}

/**
 * Parameters of the client, those of the stack file last.
 * `CVMFS_NFILES` is left to the client's own default: a larger one than the limit of open files fails every mount.
 */
export function clientParameters(site: ClientSite): Record<string, string> {
  const { cvmfs } = site;
  return {
    CVMFS_REPOSITORIES: cvmfs.repositories.join(","),
    CVMFS_HTTP_PROXY: proxyList(site),
    // Each squid keeps its own share of the files, instead of every squid all of them.
    ...(choosesSquid(site) ? { CVMFS_PROXY_SHARD: "yes" } : {}),
    CVMFS_USE_GEOAPI: "yes",
    CVMFS_QUOTA_LIMIT: String(cvmfs.cacheQuotaMb),
    CVMFS_CACHE_BASE: CACHE_BASE[cvmfs.mode],
    ...cvmfs.parameters,
  };
}

/** The site's repositories, and before them the one that configures them. */
export function mountedRepositories(repositories: readonly string[]): string[] {
  return [...new Set([CONFIG_REPOSITORY, ...repositories])];
}

/**
 * Text of `/etc/cvmfs/default.local`. The client and its scripts read it as shell, so each value is quoted.
 * @throws RangeError for a value that quotes cannot hold
 */
export function defaultLocal(site: ClientSite): string {
  return `# Written by atlas-site from the site's section cvmfs.\n${assignments(clientParameters(site))}`;
}

/**
 * Files of `/etc/cvmfs/config.d` by name: `cvmfs.parameters` for each repository. The client reads default.local first, then
 * `domain.d` and `config.d`, its package's and the configuration repository's, where servers, keys and the geo API are set
 * again; `config.d/<repository>.local` is the last of all.
 * @throws RangeError for a value that quotes cannot hold
 */
export function repositoryParameters({ cvmfs }: ClientSite): Record<string, string> {
  if (Object.keys(cvmfs.parameters).length === 0) {
    return {};
  }
  const text = `# Written by atlas-site from cvmfs.parameters.\n${assignments(cvmfs.parameters)}`;
  return Object.fromEntries(mountedRepositories(cvmfs.repositories).map((name) => [`${name}.local`, text]));
}

function assignments(parameters: Readonly<Record<string, string>>): string {
  const lines = Object.entries(parameters).map(([parameter, value]) => {
    if (/['"\\]|\p{Cc}/u.test(value)) {
      throw new RangeError(
        `${parameter} is ${JSON.stringify(value)}: a CVMFS parameter must be one line without quotes and backslashes`,
      );
    }
    return `${parameter}='${value}'\n`;
  });
  return lines.join("");
}
