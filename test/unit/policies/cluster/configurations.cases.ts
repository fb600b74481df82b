import { auditPolicyLevels } from "../../../../policies/cluster/auditPolicyLevels";
import { clientRates } from "../../../../policies/cluster/clientRates";
import { disruptionBudgets } from "../../../../policies/cluster/disruptionBudgets";
import { encryptionProvider } from "../../../../policies/cluster/encryptionProvider";
import { removedApis } from "../../../../policies/cluster/removedApis";
import { schedulerPacksNodes } from "../../../../policies/cluster/schedulerPacksNodes";
import { schedulerProfilingOff } from "../../../../policies/cluster/schedulerProfilingOff";
import { pod, type PolicyCases } from "../policyCases";

const OTHER = pod("containers: []");

function scheduler(body: string): string {
  return `apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n${body}\n`;
}

function profile(strategy: string): string {
  return `{ pluginConfig: [{ name: NodeResourcesFit, args: { scoringStrategy: { type: ${strategy} } } }] }`;
}

function audit(rules: string): string {
  return `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: ${rules}\n`;
}

function encryption(entries: string): string {
  return `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: ${entries}\n`;
}

function deployment(replicas: string): string {
  const template = "{ metadata: { labels: { app: squid } }, spec: { containers: [] } }";
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d, namespace: n }\nspec: { replicas: ${replicas}, template: ${template} }\n`;
}

function budget(selector: string, namespace = "n"): string {
  return `---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: b, namespace: ${namespace} }\nspec: { selector: ${selector} }\n`;
}

const CATCH_ALL = "{ level: Metadata }";
const KUBEADM = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n";

/** Cases of the policies on the control plane's files, and on objects of any kind. */
export const cases: readonly PolicyCases[] = [
  {
    policy: schedulerPacksNodes,
    pass: { MostAllocated: scheduler(`profiles: [${profile("MostAllocated")}]`) },
    fail: {
      "no profile": { given: scheduler(""), tells: "there is no profile" },
      "the default": { given: scheduler("profiles: [{ schedulerName: s }]"), tells: "LeastAllocated, by default" },
      "one of two": {
        given: scheduler(`profiles: [${profile("RequestedToCapacityRatio")}, ${profile("LeastAllocated")}]`),
        tells: "profiles[1].pluginConfig[0].args.scoringStrategy.type: the strategy is LeastAllocated",
      },
    },
    notApplicable: { "a pod": OTHER },
    unknown: { "the strategy": scheduler(`profiles: [${profile("!unknown x")}]`) },
  },
  {
    policy: schedulerProfilingOff,
    pass: { off: scheduler("enableProfiling: false") },
    fail: { "by default": { given: scheduler(""), tells: "enableProfiling: the scheduler offers profiles" } },
    notApplicable: { "a pod": OTHER },
    unknown: { "the switch": scheduler("enableProfiling: !unknown x") },
  },
  {
    policy: clientRates,
    pass: {
      "2,000 cores with raised rates": {
        given: `${KUBEADM}controllerManager: { extraArgs: [{ name: kube-api-qps, value: '100' }] }\n`,
        settings: { batchCores: 2000 },
      },
      "a small site with the defaults": { given: scheduler(""), settings: { batchCores: 500 } },
    },
    fail: {
      "2,000 cores with the controller manager's default": {
        given: KUBEADM,
        tells: "20 requests a second, and 34 may be needed",
        settings: { batchCores: 2000 },
      },
      "100,000 cores with the scheduler's default": {
        given: scheduler("clientConnection: { qps: 50 }"),
        tells: "clientConnection.qps: 50 requests a second, and 334 may be needed",
        settings: { batchCores: 100_000 },
      },
    },
    notApplicable: { "a site of unknown size": scheduler(""), "a pod": OTHER },
    unknown: { "the rate": { given: scheduler("clientConnection: { qps: !unknown x }"), settings: { batchCores: 1 } } },
  },
  {
    policy: auditPolicyLevels,
    pass: {
      "everything by its metadata": audit(`[${CATCH_ALL}]`),
      "content of other things": audit(
        `[{ level: Request, resources: [{ group: batch, resources: [jobs] }] }, ${CATCH_ALL}]`,
      ),
      "content of all, but secrets and config maps decided before": audit(
        `[{ level: Metadata, resources: [{ group: "", resources: [secrets, configmaps] }] }, { level: Request }]`,
      ),
      "some unlogged": audit(`[{ level: None, nonResourceURLs: ["/readyz*"] }, ${CATCH_ALL}]`),
    },
    fail: {
      "no rule": { given: audit("[]"), tells: "rules: requests that no rule names are not logged" },
      "nothing for the rest": {
        given: audit(`[{ level: Metadata, resources: [{ group: "", resources: [pods] }] }]`),
        tells: "requests that no rule names are not logged",
      },
      "nothing, for all": { given: audit("[{ level: None }]"), tells: "not logged" },
      "content of secrets": {
        given: audit(`[{ level: RequestResponse, resources: [{ group: "", resources: [secrets] }] }, ${CATCH_ALL}]`),
        tells: "rules[0].level: the content of secrets is logged (RequestResponse)",
      },
      "content of everything": { given: audit("[{ level: Request }]"), tells: "the content of configmaps is logged" },
      "content of secrets, but for one user": {
        given: audit(`[{ level: Metadata, users: [a] }, { level: Request }]`),
        tells: "rules[1].level: the content of secrets",
      },
    },
    notApplicable: { "a pod": OTHER },
    unknown: { "a level": audit("[{ level: !unknown x }]") },
  },
  {
    policy: encryptionProvider,
    pass: {
      secretbox: encryption("[{ resources: [secrets], providers: [{ secretbox: {} }, { identity: {} }] }]"),
      "of everything": encryption("[{ resources: ['*.*'], providers: [{ kms: {} }] }]"),
    },
    fail: {
      "identity first": {
        given: encryption("[{ resources: [secrets], providers: [{ identity: {} }, { aesgcm: {} }] }]"),
        tells: "resources[0].providers[0]: identity, which does not encrypt, comes first",
      },
      "not of secrets": {
        given: encryption("[{ resources: [configmaps], providers: [{ aesgcm: {} }] }]"),
        tells: "secrets are not among the resources",
      },
    },
    notApplicable: { "a pod": OTHER },
    unknown: { "the providers": encryption("[{ resources: [secrets], providers: !unknown x }]") },
  },
  {
    policy: removedApis,
    pass: {
      "today's version": "apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: c, namespace: n }\n",
    },
    fail: {
      "an old webhook": {
        given:
          "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: ValidatingWebhookConfiguration\nmetadata: { name: w }\n",
        tells: "gone since Kubernetes 1.22",
      },
      "a PodSecurityPolicy": {
        given: "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: { name: p }\n",
        tells: "apiVersion: PodSecurityPolicy of policy/v1beta1 is gone since Kubernetes 1.25",
      },
      "an old CronJob": {
        given: "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: { name: c, namespace: n }\n",
        tells: "gone since Kubernetes 1.25",
      },
    },
    notApplicable: {
      "a kind that came later in an old version":
        "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: MutatingAdmissionPolicy\nmetadata: { name: p }\n",
      "a kind that never had another version": "apiVersion: v1\nkind: Service\nmetadata: { name: s }\n",
    },
    unknown: {},
    withoutUnknown: "version and kind are part of a resource's type, which every preview knows",
  },
  {
    policy: disruptionBudgets,
    pass: {
      "one copy": deployment("1"),
      "two, with a budget": deployment("2") + budget("{ matchLabels: { app: squid } }"),
    },
    fail: {
      "two, without": { given: deployment("2"), tells: "no PodDisruptionBudget picks its pods" },
      "two, with a budget elsewhere": {
        given: deployment("2") + budget("{ matchLabels: { app: squid } }", "other"),
        tells: "no PodDisruptionBudget",
      },
      "two, with a budget for others": {
        given: deployment("2") + budget("{ matchLabels: { app: other } }"),
        tells: "no PodDisruptionBudget",
      },
    },
    notApplicable: { "a pod": OTHER },
    unknown: { "how many": deployment("!unknown x") },
  },
];
