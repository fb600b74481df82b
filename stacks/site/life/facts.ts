/**
 * What is true of a machine at one moment, from three accounts of it: Pulumi's state, Nova and Kubernetes. No command keeps a
 * step number; where an operation stands follows from these facts alone, so that it can be interrupted anywhere.
 */

/** A taint of a node. */
export interface TaintFact {
  readonly key: string;
  readonly effect: string;
}

/** A node as Kubernetes has it. */
export interface NodeFact {
  /** Differs between a machine and the one that takes its name later. */
  readonly uid: string;
  readonly ready: boolean;
  /** Since when it is Ready or not, in milliseconds since the epoch. */
  readonly since: number;
  /** Whether new pods are kept away from it. */
  readonly cordoned: boolean;
  /** What an operation of ours wrote on it when it began; undefined: none has. */
  readonly operation?: string;
  readonly taints: readonly TaintFact[];
  /** Version of its kubelet. */
  readonly version: string;
}

/** A pod on a machine that has not ended. */
export interface PodFact {
  readonly namespace: string;
  readonly name: string;
  /**
   * `job`: a pilot or other work of a Job, which is waited for; `daemon`: belongs to the node and goes with it; `service`:
   * runs elsewhere once it is evicted.
   */
  readonly kind: "job" | "daemon" | "service";
  /** When its Job must have ended, in milliseconds since the epoch; undefined: the Job has no deadline. */
  readonly endsBy?: number;
}

/** An instance as Pulumi's state has it. */
export interface RecordedInstance {
  readonly urn: string;
  /** Nova's id. */
  readonly serverId: string;
  /** Generation it was created with; undefined: the state has none. */
  readonly generation?: number;
  /** Whether the state says that the next `up` replaces it. */
  readonly replacedNext: boolean;
}

/** A machine at one moment. */
export interface MachineFacts {
  /** Name of server and node. */
  readonly name: string;
  /** As the state has it; undefined: the state has no such instance. */
  readonly recorded?: RecordedInstance;
  /** Nova's status of the recorded server, e.g. ACTIVE; undefined: Nova has none. */
  readonly server?: string;
  readonly node?: NodeFact;
  readonly pods: readonly PodFact[];
  /** Claims, as `namespace/name`, whose data lies on this machine alone. */
  readonly localClaims: readonly string[];
}

/** What the parts of `kubectl get node -o json` say. */
export interface NodeObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly TaintFact[] };
  readonly status: {
    readonly nodeInfo?: { readonly kubeletVersion: string };
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }[];
  };
}

/** The parts of a pod that count here. */
export interface PodObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: { readonly nodeName?: string; readonly activeDeadlineSeconds?: number };
  readonly status: { readonly phase?: string; readonly startTime?: string };
}

/** The parts of a Job that count here. */
export interface JobObject {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: { readonly activeDeadlineSeconds?: number };
  readonly status: { readonly startTime?: string };
}

/** The parts of a PersistentVolume that count here. */
export interface VolumeObject {
  readonly spec: {
    readonly local?: object;
    readonly claimRef?: { readonly namespace: string; readonly name: string };
    readonly nodeAffinity?: {
      readonly required?: {
        readonly nodeSelectorTerms: readonly {
          readonly matchExpressions?: readonly { readonly key: string; readonly values?: readonly string[] }[];
        }[];
      };
    };
  };
}

/** The parts of `pulumi stack export` that count here. */
export interface StateExport {
  readonly deployment: {
    readonly resources?: readonly {
      readonly type: string;
      readonly urn: string;
      readonly id?: string;
      readonly inputs?: Readonly<Record<string, unknown>>;
      /** Being deleted: another resource has its URN now. */
      readonly delete?: boolean;
      readonly pendingReplacement?: boolean;
      readonly taint?: boolean;
      readonly replacementTrigger?: unknown;
    }[];
  };
}

/** Annotation that an operation of ours puts on a node, saying what, by whom and since when. */
export const OPERATION_ANNOTATION = "atlas-site/operation";

const INSTANCE = "openstack:compute/instance:Instance";
const MIRROR_POD = "kubernetes.io/config.mirror";

/** The node that an object of the API is. */
export function nodeFact({ metadata, spec, status }: NodeObject): NodeFact {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return {
    uid: metadata.uid,
    ready: ready?.status === "True",
    since: ready === undefined ? 0 : Date.parse(ready.lastTransitionTime),
    cordoned: spec.unschedulable ?? false,
    operation: metadata.annotations?.[OPERATION_ANNOTATION],
    taints: spec.taints ?? [],
    version: status.nodeInfo?.kubeletVersion ?? "",
  };
}

/** The pods of a list that have not ended, with the deadlines of their Jobs where those are given. */
export function podFacts(pods: readonly PodObject[], jobs: readonly JobObject[] = []): PodFact[] {
  const deadlines = new Map(jobs.map((job) => [`${job.metadata.namespace}/${job.metadata.name}`, job]));
  return pods
    .filter(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed")
    .map((pod) => {
      const { namespace, name } = pod.metadata;
      const kind = podKind(pod);
      return { namespace, name, kind, ...(kind === "job" ? { endsBy: endsBy(pod, deadlines) } : {}) };
    });
}

/** Name of the Job that a pod belongs to; undefined: none. */
export function jobOf({ metadata }: PodObject): string | undefined {
  return metadata.ownerReferences?.find(({ kind }) => kind === "Job")?.name;
}

function podKind(pod: PodObject): PodFact["kind"] {
  if (jobOf(pod) !== undefined) {
    return "job";
  }
  const owners = pod.metadata.ownerReferences ?? [];
  const ofTheNode = owners.some(({ kind }) => kind === "DaemonSet" || kind === "Node");
  return ofTheNode || pod.metadata.annotations?.[MIRROR_POD] !== undefined ? "daemon" : "service";
}

/** The earlier of the pod's own deadline and its Job's. */
function endsBy(pod: PodObject, jobs: ReadonlyMap<string, JobObject>): number | undefined {
  const job = jobs.get(`${pod.metadata.namespace}/${jobOf(pod)}`);
  const ends = [
    endOf(pod.status.startTime, pod.spec.activeDeadlineSeconds),
    endOf(job?.status.startTime, job?.spec.activeDeadlineSeconds),
  ].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function endOf(start: string | undefined, seconds: number | undefined): number | undefined {
  return start === undefined || seconds === undefined ? undefined : Date.parse(start) + seconds * 1000;
}

/** Claims whose data lies on this machine alone: those of local volumes that are tied to its node. */
export function localClaims(machine: string, volumes: readonly VolumeObject[]): string[] {
  return volumes
    .filter(({ spec }) => spec.local !== undefined && spec.claimRef !== undefined)
    .filter(({ spec }) =>
      (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).some((term) =>
        (term.matchExpressions ?? []).some(
          ({ key, values }) => key === "kubernetes.io/hostname" && (values ?? []).includes(machine),
        ),
      ),
    )
    .map(({ spec }) => `${spec.claimRef?.namespace}/${spec.claimRef?.name}`);
}

/** The instances of a state, by the name of their machine. */
export function recordedInstances(state: StateExport): Map<string, RecordedInstance> {
  const found = new Map<string, RecordedInstance>();
  for (const resource of state.deployment.resources ?? []) {
    const name = resource.inputs?.name;
    if (resource.type !== INSTANCE || typeof name !== "string" || resource.delete === true) continue;
    const generation = resource.replacementTrigger;
    found.set(name, {
      urn: resource.urn,
      serverId: resource.id ?? "",
      ...(typeof generation === "number" ? { generation } : {}),
      replacedNext: resource.taint === true || resource.pendingReplacement === true,
    });
  }
  return found;
}
