/** Names of the security layer that other layers, the program and the tests share. */
import type { ClientIdentity } from "../cluster/pki";

/** Label of a queue's namespace, with the PanDA queue as value; admission policies bind to namespaces that have it. */
export const QUEUE_LABEL = "atlas-site/queue";

/** Label of a queue's namespace that says which unconfined seccomp profile its jobs may ask for. */
export const SECCOMP_LABEL = "atlas-site/seccomp";

/** Priority class of jobs; they never push anything out. */
export const JOBS_PRIORITY = "atlas-site-jobs";

/** Group of the site's operators, who look and do not touch. */
export const OPERATORS = "atlas-site:operators";

/** Name of the operators among the cluster keys' clients. */
export const OPERATOR = "operator";

/** Who the holder of the operators' kubeconfig is in the cluster. */
export const operatorIdentity: ClientIdentity = { user: "atlas-site:operator", groups: [OPERATORS] };

/** Namespace with the ServiceAccounts of clients outside, in a cluster whose CA the program does not hold. */
export const CLIENTS_NAMESPACE = "atlas-site-clients";

/** Secret with the grid proxy, which Harvester makes and renews in a queue's namespace; never the program's. */
export const PROXY_SECRET = "proxy-secret";

/** ConfigMap with the pilot's start-up script, which Harvester makes and renews there; never the program's. */
export const PILOTS_STARTER = "pilots-starter";

/** Claim by which a queue's pods mount CVMFS in mode csi; each queue's namespace has one, which the layer cvmfs makes. */
export const CVMFS_CLAIM = "cvmfs";

/**
 * The top directories of ATLAS' own repositories, which UVic's job template mounts instead of the repositories. ATLAS'
 * librarians publish them as directories; they are the only paths inside a repository that a job may name.
 */
export const ATLAS_DIRECTORIES = ["atlas.cern.ch", "atlas-condb.cern.ch", "atlas-nightlies.cern.ch"].map(
  (repository) => `/cvmfs/${repository}/repo`,
);
