import { activeDeadlineSet } from "../../../../policies/jobs/activeDeadlineSet";
import { disruptionsIgnored } from "../../../../policies/jobs/disruptionsIgnored";
import { jobEnds } from "../../../../policies/jobs/jobEnds";
import { onePodPerJob } from "../../../../policies/jobs/onePodPerJob";
import { jobNameLabelKept } from "../../../../policies/jobs/jobNameLabelKept";
import { noRetries } from "../../../../policies/jobs/noRetries";
import { queueForJobs } from "../../../../policies/jobs/queueForJobs";
import { ttlAfterFinished } from "../../../../policies/jobs/ttlAfterFinished";
import { job, NO_POD, pod, type PolicyCases } from "../policyCases";

const CRON = "apiVersion: batch/v1\nkind: CronJob\nspec: { jobTemplate: { spec: { template: { spec: {} } } } }";
const namespace = (labels: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: q, labels: ${labels} }\n`;
const QUEUE = "---\napiVersion: kueue.x-k8s.io/v1beta2\nkind: LocalQueue\nmetadata: { name: default, namespace: q }\n";
const managed = namespace('{ kueue.x-k8s.io/managed-namespace: "true" }');
const queued = { queueing: true, batchNamespaces: ["q"] };
const mutation = (resource: string, expression: string) =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\nmetadata: { name: m }\nspec: { matchConstraints: { resourceRules: [{ apiGroups: [batch], resources: [${resource}] }] }, mutations: [{ applyConfiguration: { expression: ${expression} } }] }\n`;
const webhook =
  "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: { name: w }\nwebhooks: [{ rules: [{ apiGroups: [batch], resources: [jobs] }] }]\n";

const withFinalizer = (name: string) =>
  job("containers: []").replace("name: grid-job", `name: j, finalizers: [${name}]`);

/** Cases of the policies on jobs. */
export const cases: readonly PolicyCases[] = [
  {
    policy: ttlAfterFinished,
    pass: {
      "a day": job("containers: []", "ttlSecondsAfterFinished: 86400"),
      none: job("{}", "ttlSecondsAfterFinished: 0"),
    },
    fail: {
      "for ever": { given: job("containers: []"), tells: "spec.ttlSecondsAfterFinished: the job stays for ever" },
      "too long": {
        given: job("containers: []", "ttlSecondsAfterFinished: 7200"),
        tells: "3600 s is the longest",
        settings: { longestTtlSeconds: 3600 },
      },
    },
    notApplicable: {
      "no pod": NO_POD,
      "a CronJob, which keeps count itself": CRON,
      "a pod of a batch namespace": { given: pod("containers: []"), settings: { batchNamespaces: ["somewhere"] } },
    },
    unknown: { "how long": job("{}", "ttlSecondsAfterFinished: !unknown") },
  },
  {
    policy: onePodPerJob,
    pass: { "nothing said": job("containers: []"), one: job("containers: []", "parallelism: 1\ncompletions: 1") },
    fail: {
      "many at a time": {
        given: job("containers: []", "parallelism: 150"),
        tells: "spec.parallelism: parallelism is 150",
      },
      "many in turn": { given: job("containers: []", "completions: 2"), tells: "spec.completions" },
      none: { given: job("containers: []", "parallelism: 0"), tells: "parallelism is 0" },
    },
    notApplicable: { "no pod": NO_POD, "a CronJob's": CRON },
    unknown: { "how many": job("{}", "parallelism: !unknown") },
  },
  {
    policy: jobEnds,
    pass: {
      "nothing said": job("containers: []"),
      "within bounds": job("terminationGracePeriodSeconds: 3600", "activeDeadlineSeconds: 1209600"),
      "left to Kubernetes": job("containers: []", "managedBy: kubernetes.io/job-controller\nsuspend: false"),
      "Kubernetes' own finalizer": withFinalizer("batch.kubernetes.io/job-tracking"),
      "a queued Job": {
        given: job("containers: []", "suspend: true\nmanagedBy: kueue.x-k8s.io/multikueue"),
        settings: { queueing: true },
      },
    },
    fail: {
      "a deadline of years": {
        given: job("containers: []", "activeDeadlineSeconds: 1209601"),
        tells: "spec.activeDeadlineSeconds: 1209601 s, and 1209600 s is the longest",
      },
      "the pod's deadline": { given: job("activeDeadlineSeconds: 9999999"), tells: "spec.template.spec.activeDead" },
      "a grace period of a day": { given: job("terminationGracePeriodSeconds: 86400"), tells: "3600 s is the longest" },
      "a finalizer": { given: withFinalizer("a.b/keep"), tells: "metadata.finalizers[0]: nothing is known to remove" },
      "a finalizer of its pods": {
        given: job("containers: []").replace(
          "  template:\n",
          "  template:\n    metadata: { finalizers: [a.b/keep] }\n",
        ),
        tells: "spec.template.metadata.finalizers[0]",
      },
      suspended: { given: job("containers: []", "suspend: true"), tells: "nothing resumes it" },
      "somebody else's": {
        given: job("containers: []", "managedBy: a.b/c"),
        tells: 'Kubernetes leaves the Job to "a.b/c"',
      },
    },
    notApplicable: { "no pod": NO_POD, "a CronJob's": CRON },
    unknown: { "how long": job("{}", "activeDeadlineSeconds: !unknown") },
  },
  {
    policy: noRetries,
    pass: { "neither of both": job("restartPolicy: Never", "backoffLimit: 0") },
    fail: {
      "by the Job": { given: job("restartPolicy: Never"), tells: "spec.backoffLimit: backoffLimit is 6" },
      "by the kubelet": {
        given: job("restartPolicy: OnFailure", "backoffLimit: 0"),
        tells: 'restartPolicy is "OnFailure"',
      },
    },
    notApplicable: { "no pod": NO_POD, "a CronJob": CRON },
    unknown: { "how often": job("restartPolicy: Never", "backoffLimit: !unknown") },
  },
  {
    policy: activeDeadlineSet,
    pass: { "of the job": job("{}", "activeDeadlineSeconds: 9"), "of the pod": job("activeDeadlineSeconds: 9") },
    fail: { none: { given: job("containers: []"), tells: "spec.activeDeadlineSeconds" } },
    notApplicable: { "no pod": NO_POD },
    unknown: { "which one": job("{}", "activeDeadlineSeconds: !unknown") },
  },
  {
    policy: disruptionsIgnored,
    pass: {
      ignored: job(
        "{}",
        "podFailurePolicy: { rules: [{ action: Ignore, onPodConditions: [{ type: DisruptionTarget }] }] }",
      ),
    },
    fail: {
      "another rule": {
        given: job(
          "{}",
          "podFailurePolicy: { rules: [{ action: FailJob, onPodConditions: [{ type: DisruptionTarget }] }] }",
        ),
        tells: "spec.podFailurePolicy.rules",
      },
    },
    notApplicable: { "no pod": NO_POD },
    unknown: { "the rules": job("{}", "podFailurePolicy: !unknown") },
  },
  {
    policy: queueForJobs,
    pass: {
      "label and queue": { given: managed + QUEUE, settings: queued },
      "another namespace": { given: namespace("{}"), settings: { queueing: true } },
    },
    fail: {
      "no label": { given: namespace("{}") + QUEUE, tells: "are not queued", settings: queued },
      "no queue": { given: managed, tells: "has no LocalQueue", settings: queued },
    },
    notApplicable: { "no queueing": namespace("{}"), "no namespace": NO_POD },
    unknown: { "the label": { given: namespace("!unknown") + QUEUE, settings: queued } },
  },
  {
    policy: jobNameLabelKept,
    pass: {
      "written by the same policy": mutation(
        "jobs",
        "'Object{metadata: Object.metadata{labels: {\"job-name\": object.metadata.name}}}'",
      ),
      "written beside a webhook": `${webhook}---\n${mutation("jobs", "'job-name'")}`,
      "other resources": mutation("pods", "'x'"),
    },
    fail: {
      "a policy": { given: mutation("jobs", "'labels: queue'"), tells: "metadata.name: it changes Jobs" },
      "a webhook": { given: webhook, tells: "nothing writes their label job-name" },
    },
    notApplicable: { "nothing changes objects": NO_POD },
    unknown: { "what it changes": mutation("!unknown", "'x'") },
  },
];
