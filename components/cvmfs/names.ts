/** Names that several parts of the site meet at: whoever mounts, probes, tolerates or serves CVMFS. */

export { CVMFS_CLAIM } from "../security/names";

/** Keeps jobs from a node until the probe has seen every repository there, and whenever one is unhealthy. */
export const UNREADY_TAINT = { key: "site/cvmfs-unready", effect: "NoSchedule" } as const;

/** Namespace of the squids, where jobs find Frontier's cache. */
export const SQUID_NAMESPACE = "atlas-site-squid";

/** Port of the squids. */
export const SQUID_PORT = 3128;

/** Namespace of probe and driver. */
export const CVMFS_NAMESPACE = "atlas-site-cvmfs";

/** Service that names every squid by an address of its own, for clients on the pod network. */
export const SQUID_SERVICE = "squid";

/** Values of the label `job` of the metrics of CVMFS; rules and dashboards select by them. */
export const CVMFS_SCRAPE_JOBS = { probe: "cvmfs-probe", squid: "squid" } as const;

/** Storage class of those claims: all repositories, each mounted at its first use. */
export const CVMFS_CLASS = "cvmfs";

/** Where CVMFS is, on hosts and in pods. */
export const CVMFS_ROOT = "/cvmfs";

/** Name of the driver cvmfs-csi; the image answers to no other. */
export const CSI_DRIVER = "cvmfs.csi.cern.ch";

/** Repository with servers and keys of all others, by the package cvmfs-config-default. */
export const CONFIG_REPOSITORY = "cvmfs-config.cern.ch";
