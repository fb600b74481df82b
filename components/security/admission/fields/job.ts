/** The table of a Job: its own fields, and those of the pod template in it. */
import { allow, items, oneOf, range, refuse, refuseAll, type Fields } from "./decision";
import { podSpecFields, type PodLimits } from "./podSpec";

/** What differs from site to site. */
export interface JobLimits extends PodLimits {
  /** Longest time a finished Job may ask to be kept, in seconds. */
  readonly keepSeconds: number;
}

/** Annotation that Harvester writes where CRIC says `k8s.annotations.safe_to_evict: false`. */
const SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict";

/** Values of labels and annotations together must not fill etcd; the API itself would take 256 KiB. */
const FEW_ENTRIES = 16;

const BY_SERVER = "The API server writes it, whatever the submitter sent.";

const serverMetadata: Fields = Object.fromEntries(
  [
    ...["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"],
    ...["managedFields", "resourceVersion", "selfLink", "uid"],
  ].map((name) => [name, allow(BY_SERVER)]),
);

const jobMetadata: Fields = {
  ...serverMetadata,
  name: allow("Harvester's name for the worker: the template's, `-`, and the worker id."),
  generateName: allow("A name that the API server completes."),
  namespace: allow("The queue's."),
  labels: allow("The API server copies the pod's labels here; Harvester finds Jobs by `job-name` among them.", {
    bound: items(FEW_ENTRIES),
  }),
  annotations: allow("Nothing on a node reads a Job's annotations.", { bound: items(FEW_ENTRIES, 16_384) }),
  finalizers: refuse("A Job with one stays after its deletion and keeps its place in the quota."),
  ownerReferences: refuse("The garbage collector would delete the Job with its supposed owner."),
};

const templateMetadata: Fields = {
  creationTimestamp: allow("Clients send an empty one."),
  labels: allow("Harvester writes `pq`, `resourceType` and `prodSourceLabel`; the job controller its own.", {
    bound: items(FEW_ENTRIES),
  }),
  annotations: allow("Harvester's one for the autoscaler.", { bound: { kind: "keys", names: [SAFE_TO_EVICT] } }),
  ...refuseAll(
    "A pod's identity comes from its Job; no template of Harvester's has one.",
    ...["name", "generateName", "namespace", "uid", "resourceVersion", "generation", "selfLink"],
    ...["deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "ownerReferences"],
  ),
  finalizers: refuse("A pod with a finalizer that nobody removes stays for ever."),
};

const RETRIES = "Harvester takes the last pod of a Job for the only one; PanDA tries again.";
const ONE_POD = "One Job is one pilot: the quota counts Jobs.";

/** Every field of a Job. */
export function jobFields(limits: JobLimits): Fields {
  return {
    apiVersion: allow("batch/v1."),
    kind: allow("Job."),
    metadata: allow("Name, labels and annotations.", { of: jobMetadata }),
    status: allow("The API server empties it when a Job is created; only the job controller may write it later."),
    spec: allow("How often the pod runs.", { of: jobSpec(limits) }),
  };
}

function jobSpec(limits: JobLimits): Fields {
  return {
    parallelism: allow(ONE_POD, { bound: oneOf(1), required: true }),
    completions: allow(ONE_POD, { bound: oneOf(1), required: true }),
    completionMode: allow("The API's default.", { bound: oneOf("NonIndexed") }),
    backoffLimit: allow(RETRIES, { bound: oneOf(0), required: true }),
    ttlSecondsAfterFinished: allow("How long the finished Job stays for Harvester and accounting.", {
      bound: range(0, limits.keepSeconds, "seconds"),
      required: true,
    }),
    suspend: allow("A suspended Job never starts, and Harvester cancels it.", { bound: oneOf(false) }),
    podReplacementPolicy: allow("The API's default, or its stricter alternative.", {
      bound: oneOf("TerminatingOrFailed", "Failed"),
    }),
    selector: allow("The API server makes it from the Job's uid.", {
      of: {
        matchLabels: allow("The Job's uid."),
        matchExpressions: refuse("The API server makes none."),
      },
    }),
    template: allow("The pilot's pod.", {
      of: {
        metadata: allow("Labels and annotations of the pod.", { of: templateMetadata }),
        spec: allow("The pod.", { of: podSpecFields(limits) }),
      },
    }),
    manualSelector: allow("True would let the Job adopt pods of other Jobs; the API server writes false.", {
      bound: oneOf(false),
    }),
    managedBy: refuse("The job controller would not touch the Job, so its pod would never be made."),
    activeDeadlineSeconds: refuse("It counts the time in the queue as well; Harvester bounds the pod's own run."),
    ...refuseAll(RETRIES, "backoffLimitPerIndex", "maxFailedIndexes", "podFailurePolicy", "successPolicy"),
    scheduling: refuse("Groups of pods are scheduled together; a pilot is alone."),
  };
}
