import { admissionPoliciesBound } from "../../../../policies/namespaces/admissionPoliciesBound";
import { batchNamespaceLevel } from "../../../../policies/namespaces/batchNamespaceLevel";
import { podSecurityLabels } from "../../../../policies/namespaces/podSecurityLabels";
import { quotaAndLimits } from "../../../../policies/namespaces/quotaAndLimits";
import type { PolicyCases } from "../policyCases";

const ENFORCE = "pod-security.kubernetes.io/enforce";
const QUEUE = "atlas-site/queue: SITE-K8S";

function namespace(labels: string, name = "queue"): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: ${labels} }\n`;
}

function admission(action: string, selector: string): string {
  const resources = `{ namespaceSelector: ${selector} }`;
  return `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: { name: b }\nspec: { policyName: p, validationActions: [${action}], matchResources: ${resources} }\n`;
}

const BY_LABEL = "{ matchExpressions: [{ key: atlas-site/queue, operator: Exists }] }";
const privileged = namespace(`{ ${QUEUE}, ${ENFORCE}: privileged }`);
const SERVICE = "apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: ns }\n";
const other = (kind: string) => `---\napiVersion: v1\nkind: ${kind}\nmetadata: { name: o, namespace: queue }\n`;

const quota = (hard: string) =>
  `---\napiVersion: v1\nkind: ResourceQuota\nmetadata: { name: o, namespace: queue }\nspec: { hard: { ${hard} } }\n`;
const LIMITS = other("LimitRange");

/** Cases of the policies on namespaces. */
export const cases: readonly PolicyCases[] = [
  {
    policy: podSecurityLabels,
    pass: {
      restricted: namespace(`{ ${ENFORCE}: restricted, ${ENFORCE}-version: v1.36 }`),
      "privileged, which has no rules to version": namespace(`{ ${ENFORCE}: privileged }`),
    },
    fail: {
      "no labels": { given: "apiVersion: v1\nkind: Namespace\nmetadata: { name: n }\n", tells: "the level is not set" },
      "no such level": { given: namespace(`{ ${ENFORCE}: strict }`), tells: 'the level is "strict"' },
      "no version": { given: namespace(`{ ${ENFORCE}: baseline }`), tells: "the version of the level is not set" },
      "whatever is newest": {
        given: namespace(`{ ${ENFORCE}: baseline, ${ENFORCE}-version: latest }`),
        tells: 'metadata.labels["pod-security.kubernetes.io/enforce-version"]: the version of the level is "latest"',
      },
    },
    notApplicable: { "a service": SERVICE },
    unknown: { labels: namespace("!unknown x"), "the level": namespace(`{ ${ENFORCE}: !unknown x }`) },
  },
  {
    policy: batchNamespaceLevel,
    pass: {
      baseline: namespace(`{ ${QUEUE}, ${ENFORCE}: baseline }`),
      "privileged, with admission policies": privileged + admission("Deny", BY_LABEL),
      "privileged, with admission policies for everything": privileged + admission("Deny", "!!null"),
    },
    fail: {
      "privileged alone": { given: privileged, tells: 'the level is "privileged" and no admission policy refuses' },
      "privileged, and warnings only": { given: privileged + admission("Warn", BY_LABEL), tells: "privileged" },
      "privileged, and policies for another namespace": {
        given: privileged + admission("Deny", "{ matchLabels: { atlas-site/queue: OTHER } }"),
        tells: "privileged",
      },
      "by the setting, not the label": {
        given: namespace("{}", "jobs"),
        tells: "the level is not set",
        settings: { batchNamespaces: ["jobs"] },
      },
      "one beside an unknown one": {
        given: `${namespace(`{ ${QUEUE}, ${ENFORCE}: !unknown x }`, "other")}---\n${privileged}`,
        tells: "privileged",
      },
    },
    notApplicable: { "no queue's namespace": namespace("{}"), "a service": SERVICE },
    unknown: { "the level": namespace(`{ ${QUEUE}, ${ENFORCE}: !unknown x }`) },
  },
  {
    policy: admissionPoliciesBound,
    pass: {
      "by the queue's label": namespace(`{ ${QUEUE} }`) + admission("Deny", BY_LABEL),
      "by the namespace's name":
        namespace(`{ ${QUEUE} }`) + admission("Deny", "{ matchLabels: { kubernetes.io/metadata.name: queue } }"),
      "by one of many values":
        namespace(`{ ${QUEUE} }`) +
        admission("Deny", "{ matchExpressions: [{ key: atlas-site/queue, operator: In, values: [A, SITE-K8S] }] }"),
    },
    fail: {
      "none bound": { given: namespace(`{ ${QUEUE} }`), tells: "no ValidatingAdmissionPolicyBinding with Deny" },
      "one that excludes it": {
        given:
          namespace(`{ ${QUEUE} }`) +
          admission("Deny", "{ matchExpressions: [{ key: atlas-site/queue, operator: DoesNotExist }] }"),
        tells: "no ValidatingAdmissionPolicyBinding",
      },
      "one for other values": {
        given:
          namespace(`{ ${QUEUE} }`) +
          admission("Deny", "{ matchExpressions: [{ key: atlas-site/queue, operator: NotIn, values: [SITE-K8S] }] }"),
        tells: "no ValidatingAdmissionPolicyBinding",
      },
    },
    notApplicable: { "no queue's namespace": namespace("{}") },
    unknown: { "whom the binding picks": namespace(`{ ${QUEUE} }`) + admission("Deny", "!unknown x") },
  },
  {
    policy: quotaAndLimits,
    pass: {
      both: namespace(`{ ${QUEUE} }`) + quota("count/jobs.batch: 1, count/configmaps: 1, count/secrets: 1") + LIMITS,
      "two quotas, by other names":
        namespace(`{ ${QUEUE} }`) + quota("count/jobs.batch: 1") + quota("configmaps: 1, secrets: 1") + LIMITS,
    },
    fail: {
      "no quota": { given: namespace(`{ ${QUEUE} }`) + LIMITS, tells: "there is no ResourceQuota" },
      "a quota of pods and secrets alone": {
        given: namespace(`{ ${QUEUE} }`) + quota("pods: 1, secrets: 1, requests.cpu: 8") + LIMITS,
        tells: "no ResourceQuota counts count/jobs.batch\n: no ResourceQuota counts count/configmaps",
      },
      "in another namespace": {
        given: namespace(`{ ${QUEUE} }`) + other("LimitRange").replace("queue", "elsewhere") + other("ResourceQuota"),
        tells: "there is no LimitRange",
      },
    },
    notApplicable: { "no queue's namespace": namespace("{}") },
    unknown: {
      "what is counted":
        namespace(`{ ${QUEUE} }`) + quota("!unknown x: 1").replace("{ !unknown x: 1 }", "!unknown x") + LIMITS,
    },
  },
];
