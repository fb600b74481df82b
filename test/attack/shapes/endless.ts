/** Jobs that can never run, never end, multiply, or fill what all of the cluster shares. */
import { accepted, refused, refusedByApi, type Changes, type JobShape } from "../shape";

const many = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
const terms = (count: number, values: number): Changes => ({
  "pod.affinity": {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: many(count, () => ({
          matchExpressions: [{ key: "k", operator: "In", values: many(values, (i) => `v${i}`) }],
        })),
      },
    },
  },
});

/** The table. */
export const endlessShapes: readonly JobShape[] = [
  refused("allowed-values", "150 pods at the same time", { "job.parallelism": 150, "job.completions": 150 }),
  refused("allowed-values", "150 pods one after the other", { "job.completions": 150 }),
  refused("allowed-values", "no pod", { "job.parallelism": 0 }),
  refused("allowed-values", "numbered pods", { "job.completionMode": "Indexed", "job.completions": 1 }),
  refused("allowed-values", "retries", { "job.backoffLimit": 6 }),
  refused("allowed-values", "the API's own number of retries", { "job.backoffLimit": undefined }),
  refused("known-fields-only", "a policy on failed pods", {
    "job.podFailurePolicy": { rules: [{ action: "Ignore", onExitCodes: { operator: "In", values: [1] } }] },
  }),
  refused("allowed-values", "a suspended Job", { "job.suspend": true }),
  refused("known-fields-only", "a Job of another controller", { "job.managedBy": "example.com/nobody" }),
  refused("known-fields-only", "pods of other Jobs", {
    "job.manualSelector": true,
    "job.selector": { matchExpressions: [{ key: "pq", operator: "Exists" }] },
    "template.metadata.labels": { pq: "x" },
  }),
  refused("allowed-values", "pods of a Job by its own selector", {
    "job.manualSelector": true,
    "job.selector": { matchLabels: { pq: "x" } },
    "template.metadata.labels": { pq: "x" },
  }),
  refused("known-fields-only", "a deadline that counts the queue", { "job.activeDeadlineSeconds": 60 }),
  refused("allowed-values", "a Job that stays", { "job.ttlSecondsAfterFinished": undefined }),
  refused("allowed-values", "a Job that stays for 60 years", { "job.ttlSecondsAfterFinished": 2_000_000_000 }),
  refused("allowed-values", "a pod without a deadline", { "pod.activeDeadlineSeconds": undefined }),
  refused("allowed-values", "a pod with a deadline of 60 years", { "pod.activeDeadlineSeconds": 2_000_000_000 }),
  accepted("Harvester's deadline where CRIC has none", { "pod.activeDeadlineSeconds": 2_265_600 }),
  refused("allowed-values", "ten days to end", { "pod.terminationGracePeriodSeconds": 864_000 }),
  accepted("a quarter of an hour to end", { "pod.terminationGracePeriodSeconds": 900 }),
  refused("known-fields-only", "a Job that cannot be deleted", { "metadata.finalizers": ["example.com/never"] }),
  refused("known-fields-only", "a pod that cannot be deleted", {
    "template.metadata.finalizers": ["example.com/never"],
  }),
  refused("known-fields-only", "a Job that belongs to something", {
    "metadata.ownerReferences": [{ apiVersion: "v1", kind: "Secret", name: "x", uid: "1" }],
  }),
  refused("known-fields-only", "a priority by its number", { "pod.priority": 1_000_000 }),
  refused("known-fields-only", "a right to preempt", { "pod.preemptionPolicy": "PreemptLowerPriority" }),
  refused("known-fields-only", "an unknown runtime", { "pod.runtimeClassName": "kata" }),
  refused("known-fields-only", "the costs of a runtime", { "pod.overhead": { cpu: "1" }, "pod.runtimeClassName": "x" }),
  refused("allowed-values", "an unknown scheduler", { "pod.schedulerName": "nobody" }),
  refused("known-fields-only", "a gate that nobody opens", { "pod.schedulingGates": [{ name: "example.com/gate" }] }),
  refused("known-fields-only", "a gate on being ready", { "pod.readinessGates": [{ conditionType: "example.com/x" }] }),
  refused("known-fields-only", "a claim of a device", {
    "pod.resourceClaims": [{ name: "gpu", resourceClaimName: "x" }],
  }),
  refused("allowed-values", "a resource that no node has", {
    "container.resources": { requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "1" } },
  }),
  refused("allowed-values", "huge pages", {
    "container.resources.requests.hugepages-2Mi": "1Gi",
    "container.resources.limits.hugepages-2Mi": "1Gi",
  }),
  refused("fits-a-node", "more cores than a node has", {
    "container.resources.requests.cpu": "64",
    "container.resources.limits.cpu": "64",
  }),
  refused("fits-a-node", "more memory than a node has", { "container.resources.requests.memory": "4Ti" }),
  refused("known-fields-only", "resources of the pod", { "pod.resources": { limits: { cpu: "1000" } } }),
  refused("known-fields-only", "a spread that cannot be", {
    "pod.topologySpreadConstraints": [
      { maxSkew: 1, topologyKey: "example.com/none", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} },
    ],
  }),
  refused("allowed-values", "a pod that restarts", { "pod.restartPolicy": "OnFailure" }),
  refusedByApi("a pod that always restarts", { "pod.restartPolicy": "Always" }),
  refused("known-fields-only", "a container that restarts by rules", {
    "container.restartPolicy": "Never",
    "container.restartPolicyRules": [{ action: "Restart", exitCodes: { operator: "In", values: [1] } }],
  }),
  refused("allowed-values", "a name service of the node", { "pod.dnsPolicy": "Default" }),
  refused("known-fields-only", "a name service of its own", {
    "pod.dnsPolicy": "None",
    "pod.dnsConfig": { nameservers: ["192.0.2.1"] },
  }),
  refused("known-fields-only", "names of its own", { "pod.hostAliases": [{ ip: "192.0.2.1", hostnames: ["x"] }] }),
  refused("known-fields-only", "a host name", { "pod.hostname": "pilot", "pod.subdomain": "x" }),
  refused("known-fields-only", "shared processes", { "pod.shareProcessNamespace": true }),
  refused("known-fields-only", "a terminal", { "container.stdin": true, "container.tty": true }),
  refused("allowed-values", "a message from another file", { "container.terminationMessagePath": "/proxy/x" }),
  refused("small-job", "variables of 100 kB", {
    "container.env": many(50, (i) => ({ name: `V${i}`, value: "x".repeat(2000) })),
  }),
  refused("small-job", "an argument of 900 kB", { "container.args[+]": "x".repeat(900_000) }),
  refused("allowed-values", "500 variables", { "container.env": many(500, (i) => ({ name: `V${i}`, value: "" })) }),
  refused("allowed-values", "100 volumes", {
    "pod.volumes": many(100, (i) => ({ name: `v${i}`, emptyDir: {} })),
    "container.volumeMounts": [],
  }),
  refused("allowed-values", "100 annotations of the Job", {
    "metadata.annotations": Object.fromEntries(many(100, (i) => [`a${i}`, "x".repeat(2000)])),
  }),
  refused("allowed-values", "100 labels", {
    "template.metadata.labels": Object.fromEntries(many(100, (i) => [`a${i}`, "x"])),
  }),
  refused("allowed-values", "100 alternatives of nodes", terms(100, 1)),
  refused("allowed-values", "1,000 values of a label", terms(1, 1000)),
];
