/** What differs from site to site. Each policy says in its text which setting it reads. */

import { defaultSiteSettings, type SiteSettings } from "./siteSettings";

/** A minor version of Kubernetes whose Pod Security Standards the pack knows. */
export type PodSecurityVersion = "1.33" | "1.34" | "1.35" | "1.36" | "1.37";

/** An object that a policy does not bind, for a reason and for a time. */
export interface Exemption {
  /** Names of the policies; never all of them. */
  readonly policies: readonly string[];
  /** Kind of the object, e.g. `DaemonSet`; of a resource that is no Kubernetes object, its type token. */
  readonly kind: string;
  /** Its namespace; without one, the object has none. */
  readonly namespace?: string;
  readonly name: string;
  /** Why it has to be so. */
  readonly reason: string;
  /** Last day it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

/** Settings of the pack. */
export interface Settings extends SiteSettings {
  /** Version of the Pod Security Standards. */
  readonly podSecurityVersion: PodSecurityVersion;
  /** Registries (and folders of them) images may come from, e.g. `registry.k8s.io`; empty: any. */
  readonly registries: readonly string[];
  /** Which pods run payload. `jobs`: those of Jobs outside `infrastructureNamespaces`, and all in `batchNamespaces`. */
  readonly batchPods: "jobs" | "all";
  readonly batchNamespaces: readonly string[];
  /** Namespaces of queues whose pods may run with seccomp Unconfined, as the stack file says for each queue. */
  readonly unconfinedNamespaces: readonly string[];
  readonly infrastructureNamespaces: readonly string[];
  /**
   * Directories of a node that a pod may mount, read-only, each exactly as written; `*` as the last name means any one
   * name there. The kubelet follows symbolic links below a directory, so a deeper path may lead anywhere on the node.
   */
  readonly hostPaths: readonly string[];
  /** Names of the secrets with a grid proxy, which only batch pods may have. Default Harvester's own. */
  readonly proxySecrets: readonly string[];
  /** Schedulers that run in the cluster. */
  readonly schedulers: readonly string[];
  /** The longest a finished job may stay, in seconds. Default 7 days: above it, finished pods meet the pod garbage collector. */
  readonly longestTtlSeconds: number;
  /** The longest deadline of a Job, in seconds. Default 14 days. */
  readonly longestJobSeconds: number;
  /** The longest time a pod of a Job may take to stop, in seconds. Default 1 hour. */
  readonly longestGraceSeconds: number;
  /** RuntimeClasses of the cluster. Default none. */
  readonly runtimeClasses: readonly string[];
  /** Whether a queueing system (Kueue) admits jobs. */
  readonly queueing: boolean;
  readonly exemptions: readonly Exemption[];
}

/** Settings of a site that says nothing. */
export const defaultSettings: Settings = {
  ...defaultSiteSettings,
  podSecurityVersion: "1.36",
  registries: [],
  batchPods: "jobs",
  batchNamespaces: [],
  unconfinedNamespaces: [],
  infrastructureNamespaces: ["kube-system"],
  // The last three are ATLAS' own directories that UVic's job template mounts; they are published as directories.
  hostPaths: [
    "/cvmfs",
    "/cvmfs/*",
    "/cvmfs/atlas.cern.ch/repo",
    "/cvmfs/atlas-condb.cern.ch/repo",
    "/cvmfs/atlas-nightlies.cern.ch/repo",
  ],
  proxySecrets: ["proxy-secret"],
  schedulers: ["default-scheduler"],
  longestTtlSeconds: 7 * 86_400,
  longestJobSeconds: 14 * 86_400,
  longestGraceSeconds: 3600,
  runtimeClasses: [],
  queueing: false,
  exemptions: [],
};
