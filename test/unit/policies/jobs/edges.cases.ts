import { disruptionsIgnored } from "../../../../policies/jobs/disruptionsIgnored";
import { jobEnds } from "../../../../policies/jobs/jobEnds";
import { jobNameLabelKept } from "../../../../policies/jobs/jobNameLabelKept";
import { queueForJobs } from "../../../../policies/jobs/queueForJobs";
import { ttlAfterFinished } from "../../../../policies/jobs/ttlAfterFinished";
import { job, type MoreCases } from "../policyCases";

const failurePolicy = (rules: string) => job("containers: [{ name: a }]", `podFailurePolicy: { rules: [${rules}] }`);
const IGNORE = "{ action: Ignore, onPodConditions: [{ type: Other }, { type: DisruptionTarget }] }";

const ADMISSION = "apiVersion: admissionregistration.k8s.io/v1";
const policy = (rules: string, mutations = "") =>
  `${ADMISSION}\nkind: MutatingAdmissionPolicy\nmetadata: { name: m }\nspec:\n  matchConstraints: { resourceRules: [${rules}] }\n  mutations: [${mutations}]\n`;
const webhook = (rules: string) =>
  `${ADMISSION}\nkind: MutatingWebhookConfiguration\nmetadata: { name: w }\nwebhooks: [{ rules: [${rules}] }]\n`;
const KEEPS = `{ patchType: ApplyConfiguration, applyConfiguration: { expression: "Object{ ... job-name ... }" } }`;
const CHANGES = "it changes Jobs, and nothing writes their label job-name";
const batchJobs = '{ apiGroups: [batch], resources: ["jobs"] }';

const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: { name: q, labels: { atlas-site/queue: Q } }\n";
const queue = (kind: string, namespace: string) =>
  `---\napiVersion: kueue.x-k8s.io/v1beta1\nkind: ${kind}\nmetadata: { name: l, namespace: ${namespace} }\n`;
const JOB = "---\napiVersion: batch/v1\nkind: Job\nmetadata: { name: j, namespace: q }\nspec: {}\n";

/** Edges of the policies on Jobs. */
export const more: readonly MoreCases[] = [
  {
    policy: disruptionsIgnored,
    pass: { "one rule of two, one condition of two": failurePolicy(`{ action: FailJob, onExitCodes: {} }, ${IGNORE}`) },
  },
  {
    policy: jobEnds,
    pass: {
      "finalizers of Kubernetes' own": job("containers: []").replace(
        "namespace: queue",
        "namespace: queue, finalizers: [foregroundDeletion, orphan]",
      ),
    },
  },
  {
    policy: jobNameLabelKept,
    pass: {
      "a policy of other resources": policy('{ apiGroups: ["*"], resources: [pods] }'),
      "jobs of another group": policy("{ apiGroups: [batch.volcano.sh], resources: [jobs] }"),
      "one that writes the label, among other changes": `${webhook(batchJobs)}---\n${policy(
        batchJobs,
        `{ jsonPatch: { expression: "[]" } }, ${KEEPS}`,
      )}`,
      "one that writes it by a patch": policy(
        batchJobs,
        '{ jsonPatch: { expression: "[JSONPatch{ path: job-name }]" } }',
      ),
    },
    fail: {
      "every resource": { given: policy('{ apiGroups: [batch], resources: ["*"] }'), tells: CHANGES },
      "every resource and subresource": {
        given: webhook('{ apiGroups: [batch], resources: ["*/*"] }'),
        tells: CHANGES,
      },
      "every group": { given: policy('{ apiGroups: ["*"], resources: [jobs] }'), tells: CHANGES },
      "jobs among others, by one rule of two": {
        given: webhook(
          '{ apiGroups: [""], resources: [pods] }, { apiGroups: [apps, batch], resources: [cronjobs, jobs] }',
        ),
        tells: CHANGES,
      },
      "a webhook in whose text the label stands": {
        given: `${webhook(batchJobs)}spec: { mutations: [${KEEPS}] }\n`,
        tells: CHANGES,
      },
    },
  },
  {
    policy: queueForJobs,
    fail: {
      "a queue of another namespace": {
        given: `${NAMESPACE}${queue("LocalQueue", "other")}${JOB}`,
        tells: "metadata.name: the namespace has no LocalQueue",
        settings: { queueing: true, batchNamespaces: ["q"] },
      },
      "another kind in it": {
        given: `${NAMESPACE}${queue("Workload", "q")}${JOB}`,
        tells: "the namespace has no LocalQueue",
        settings: { queueing: true, batchNamespaces: ["q"] },
      },
    },
  },
  {
    policy: ttlAfterFinished,
    pass: {
      "as long as a finished job may stay": {
        given: job("containers: []", "ttlSecondsAfterFinished: 100"),
        settings: { longestTtlSeconds: 100 },
      },
    },
  },
];
