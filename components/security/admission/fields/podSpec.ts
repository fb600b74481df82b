/** The table of a pod's spec. */
import { added, allow, items, oneOf, range, refuse, refuseAll, ruled, type Fields } from "./decision";
import { affinityFields } from "./affinity";
import { containerFields, ephemeralContainerFields } from "./container";
import { confinementFields } from "./confinement";
import { volumeFields, type VolumeNames } from "./volume";

/** What of a pod differs from site to site. */
export interface PodLimits extends VolumeNames {
  /** Longest run of a pod, in seconds. */
  readonly runSeconds: number;
}

/** Time that a pod may ask for to end: the template has 300 s, and a drain waits as long. */
const MOST_GRACE_SECONDS = 900;

const ALONE = "A pilot is one container, and Harvester keeps no other.";
const NAMES = "Nothing connects to a pilot, and its name on the network is the pod's.";
const NODE = "The node's own network, processes and users are closed to jobs.";

/** Every field of a PodSpec. */
export function podSpecFields(limits: PodLimits): Fields {
  return {
    containers: allow("The pilot.", { bound: items(1), each: containerFields }),
    ephemeralContainers: allow(
      "An administrator's debugging container; Harvester cannot add one, and the API refuses it in a Job.",
      { each: ephemeralContainerFields },
    ),
    initContainers: refuse(ALONE),
    volumes: allow("CVMFS, the proxy, the starter, the job's description and scratch.", {
      bound: items(32),
      each: volumeFields(limits),
    }),
    restartPolicy: allow("A pilot runs once.", { bound: oneOf("Never") }),
    activeDeadlineSeconds: allow("Harvester's bound on the run: CRIC's maxtime, or 2,265,600 s where CRIC has none.", {
      bound: range(1, limits.runSeconds, "seconds"),
      required: true,
    }),
    terminationGracePeriodSeconds: allow("Time for the pilot to report that it is preempted.", {
      bound: range(0, MOST_GRACE_SECONDS, "seconds"),
    }),
    dnsPolicy: allow("The cluster's name service.", { bound: oneOf("ClusterFirst") }),
    enableServiceLinks: allow("Environment variables about services: there are none in the namespace."),
    schedulerName: allow("A pod that names a scheduler which does not run never starts.", {
      bound: oneOf("default-scheduler"),
    }),
    securityContext: allow("Users, groups and confinement of the pod.", {
      of: {
        ...confinementFields,
        fsGroup: ruled("Group of the scratch and of the proxy's file.", "no-root-group"),
        fsGroupChangePolicy: allow("When the group is applied.", { bound: oneOf("Always", "OnRootMismatch") }),
        supplementalGroups: allow("Further groups.", { rules: ["no-root-group"], bound: items(16) }),
        supplementalGroupsPolicy: allow("Whether the image may add groups.", { bound: oneOf("Merge", "Strict") }),
        sysctls: refuse("A pilot sets no kernel parameter."),
        seLinuxChangePolicy: refuse("How volumes are relabelled is the cluster's own decision."),
        windowsOptions: refuse("No node runs Windows."),
      },
    }),
    serviceAccountName: ruled("Jobs run as `default`, which has no token and no rights.", "default-service-account"),
    serviceAccount: ruled("The old name of serviceAccountName; the API server writes both.", "default-service-account"),
    automountServiceAccountToken: ruled("A pilot does not use the API.", "no-api-token"),
    nodeSelector: allow("The queue's pool, and what narrows the choice further.", {
      rules: ["queue-pool"],
      bound: items(8),
    }),
    affinity: allow("Nodes by label, and Harvester's preference to share nodes.", { of: affinityFields }),
    tolerations: allow("Taints of the queue's pool.", {
      rules: ["no-closed-node"],
      bound: items(16),
      each: {
        key: ruled("Which taint.", "no-closed-node"),
        operator: allow("Equal or Exists; numeric comparisons are not used.", { bound: oneOf("Equal", "Exists") }),
        value: allow("The taint's value."),
        effect: allow("The taint's effect."),
        tolerationSeconds: allow("How long a running pod tolerates it."),
      },
    }),
    priorityClassName: ruled("The jobs' class, which preempts nothing.", "no-service-priority"),
    nodeName: added("The scheduler sets it; a submitter may not.", { rules: ["no-node-name"] }),
    priority: added("The API server writes it from the priority class; another number makes the pod impossible."),
    preemptionPolicy: added("The API server writes it from the priority class."),
    imagePullSecrets: added("The API server copies them from the account `default`, where an administrator put them.", {
      each: { name: added("An administrator's Secret.") },
    }),
    hostUsers: allow("False gives the pod users of its own, which narrows it.", { bound: oneOf(false) }),
    ...refuseAll(NODE, "hostNetwork", "hostPID", "hostIPC"),
    ...refuseAll(NAMES, "hostname", "hostnameOverride", "subdomain", "setHostnameAsFQDN", "hostAliases", "dnsConfig"),
    ...refuseAll(ALONE, "shareProcessNamespace", "resources"),
    runtimeClassName: refuse("No node has a second runtime, so the pod would never be made."),
    overhead: refuse("It belongs to runtime classes."),
    schedulingGates: refuse("A pod with a gate that nobody opens never starts."),
    readinessGates: refuse("Nothing waits for a pilot to be ready."),
    ...refuseAll("Groups of pods are scheduled together; a pilot is alone.", "schedulingGroup", "workloadRef"),
    topologySpreadConstraints: refuse("Packing is the scheduler's score; a constraint can make the pod impossible."),
    resourceClaims: refuse("The site has no devices to claim."),
    os: refuse("Every node runs Linux."),
    evictionResponders: refuse("A responder could hold up every drain of the node."),
  };
}
