/** What the groups rbac, namespaces, cluster, monitoring, cloud and stack have to know of a site. */

/** A user, group or ServiceAccount, as a binding names it. */
export interface Subject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
  /** Of a ServiceAccount only. */
  readonly namespace?: string;
}

/** What the cloud project of a site may use; a part that is absent is not judged. */
export interface Quota {
  /** Machines. */
  readonly instances?: number;
  /** Virtual cores. */
  readonly cores?: number;
  /** Memory, in MiB. */
  readonly ramMb?: number;
  /** Neutron ports. */
  readonly ports?: number;
  readonly floatingIps?: number;
  readonly volumes?: number;
  /** Size of all volumes together, in GB. */
  readonly volumesGb?: number;
}

/** Size of a Nova flavor. */
export interface FlavorSize {
  /** Virtual cores. */
  readonly vcpus: number;
  /** Memory, in MiB. */
  readonly ramMb: number;
}

/** What may be replaced or deleted by one update. */
export interface ReplacementGuard {
  /** Machines that one update may replace without being told to by name. Default 1. */
  readonly machines: number;
  /** Names of resources that may be replaced or deleted although they hold data, an address or a key. */
  readonly allowed: readonly string[];
}

/** Settings of these groups. */
export interface SiteSettings {
  /** Day the pack runs on, `YYYY-MM-DD`, by which versions end; "": not known. */
  readonly today: string;
  /** Who may be bound to cluster-admin. Empty: nobody. */
  readonly clusterAdmins: readonly Subject[];
  /** Who Harvester is in the cluster. */
  readonly harvesters: readonly Subject[];
  /** Last day of support of each Kubernetes minor version, `YYYY-MM-DD`, by minor (`1.36`). */
  readonly endOfLife: Readonly<Record<string, string>>;
  /** Days that audit logs must be kept. Default 90, as WLCG's traceability asks. */
  readonly auditDays: number;
  /** Days that the archive of logs keeps them, as its people say; undefined: not known. */
  readonly logArchiveDays?: number;
  /** Days of metrics that an accounting period spans. Default 31; retention must reach 31 days further. */
  readonly accountingDays: number;
  /** Whether the site reports its use to WLCG, so that it must have accounting. */
  readonly pledged: boolean;
  /** Cores that jobs run on; undefined: not known. */
  readonly batchCores?: number;
  readonly quota: Quota;
  /** Sizes of the flavors in use, by name. */
  readonly flavors: Readonly<Record<string, FlavorSize>>;
  /** Names of the pools whose machines are the control plane. */
  readonly controlPlanePools: readonly string[];
  /** Names of the pools whose machines run jobs or services. */
  readonly workerPools: readonly string[];
  /** Prefixes of the resource types a stack may consist of. */
  readonly resourceTypes: readonly string[];
  readonly replacements: ReplacementGuard;
}

/** Settings of a site that says nothing. */
export const defaultSiteSettings: SiteSettings = {
  today: "",
  clusterAdmins: [],
  harvesters: [{ kind: "User", name: "atlas-site:harvester" }],
  endOfLife: {
    "1.33": "2026-06-28",
    "1.34": "2026-10-27",
    "1.35": "2027-02-28",
    "1.36": "2027-06-28",
    "1.37": "2027-10-28",
  },
  auditDays: 90,
  accountingDays: 31,
  pledged: false,
  quota: {},
  flavors: {},
  controlPlanePools: [],
  workerPools: [],
  resourceTypes: ["pulumi:", "openstack:", "kubernetes:", "command:", "atlas-site:"],
  replacements: { machines: 1, allowed: [] },
};
