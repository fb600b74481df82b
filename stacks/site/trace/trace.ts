/** What a trace says: who, when, where, what image, how it ended, and who else had a hand in it. */

/** Something somebody did to the Job or to what belongs to it. */
export interface Touch {
  /** When the API answered, RFC 3339. */
  readonly time: string;
  /** What was done: `create`, `delete`, `exec`, … */
  readonly what: string;
  /** To what: `Job grid-job-1`, `Pod grid-job-1-abcde`, … */
  readonly on: string;
  /** Who came to the API; with `as`, whom that one said to be. */
  readonly user: string;
  readonly as?: string;
  /** Fingerprint of the certificate, or number of the token, that proved it. */
  readonly credential?: string;
  /** Addresses the request came from and through. */
  readonly from: readonly string[];
  /** Program that the client says to be. */
  readonly agent?: string;
  /** Status the API answered with. */
  readonly code?: number;
  /** More of it: the command of an exec, the node of a binding. */
  readonly detail?: string;
  /** Number of the request in the audit log. */
  readonly auditId: string;
}

/** A container of a traced pod. */
export interface TracedContainer {
  readonly name: string;
  /** As the pod named it. */
  readonly image?: string;
  /** What was run, as the node saw it: `sha256:…`. */
  readonly digest?: string;
  readonly started?: string;
  readonly ended?: string;
  readonly exitCode?: number;
  /** Why it ended: `OOMKilled`, `Error`, `Completed`. */
  readonly reason?: string;
}

/** A pod of the Job. */
export interface TracedPod {
  readonly name: string;
  readonly uid?: string;
  readonly node?: string;
  /** When it came to be, was given a node, started and ended; RFC 3339. */
  readonly created?: string;
  readonly scheduled?: string;
  readonly started?: string;
  readonly ended?: string;
  /** Last phase: `Succeeded`, `Failed`, … */
  readonly phase?: string;
  /** Why as a whole: `Evicted`, `DeadlineExceeded`, … */
  readonly reason?: string;
  /** Cores it asked for. */
  readonly cores?: number;
  readonly containers: readonly TracedContainer[];
}

/** What Harvester and PanDA know the Job by. */
export interface Belonging {
  /** Harvester's number of the worker; PanDA knows the pilot by it. */
  readonly workerId?: number;
  /** Which Harvester. */
  readonly harvesterId?: string;
  /** The PanDA queue. */
  readonly queue?: string;
  readonly resourceType?: string;
  readonly prodSourceLabel?: string;
}

/** How far the sources reach. */
export interface Sources {
  /** Days that Prometheus was asked for, and series it had of the Job; absent: it was not asked. */
  readonly prometheus?: { readonly days: number; readonly series: number };
  /** What was read of audit logs; absent: none was given. */
  readonly audit?: AuditReach;
}

/** What was read of audit logs. */
export interface AuditReach {
  readonly files: number;
  readonly lines: number;
  /** Time of the first and the last event in them, RFC 3339; absent: there was none. */
  readonly from?: string;
  readonly to?: string;
}

/** What a source tells of a Job in a namespace. */
export interface Account {
  readonly belongs: Belonging;
  /** The request that made it. */
  readonly made?: Touch;
  /** When it was made, started and ended; RFC 3339. */
  readonly created?: string;
  readonly started?: string;
  readonly ended?: string;
  /** `succeeded`, `failed`, `running`; absent: nobody knows. */
  readonly outcome?: "succeeded" | "failed" | "running";
  readonly pods: readonly TracedPod[];
  /** When the name was given to further Jobs, after this one was gone; absent: nobody knows. */
  readonly recreated?: readonly string[];
  /** What else was done to it, in the order of time; not what Kubernetes does with every Job. */
  readonly touches: readonly Touch[];
}

/** All that is known of a Job, from all sources together. */
export interface Trace extends Account {
  readonly job: string;
  readonly namespace: string;
  readonly sources: Sources;
  /** What could not be answered, and how to get the answer. */
  readonly missing: readonly string[];
}
