import { admissionPoliciesBound } from "../../../../policies/namespaces/admissionPoliciesBound";
import { batchNamespaceLevel } from "../../../../policies/namespaces/batchNamespaceLevel";
import { noDefaultNamespace } from "../../../../policies/namespaces/noDefaultNamespace";
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
    pass: { both: namespace(`{ ${QUEUE} }`) + other("ResourceQuota") + other("LimitRange") },
    fail: {
      "no quota": { given: namespace(`{ ${QUEUE} }`) + other("LimitRange"), tells: "there is no ResourceQuota" },
      "in another namespace": {
        given: namespace(`{ ${QUEUE} }`) + other("LimitRange").replace("queue", "elsewhere") + other("ResourceQuota"),
        tells: "there is no LimitRange",
      },
    },
    notApplicable: { "no queue's namespace": namespace("{}") },
    unknown: {},
    withoutUnknown: "it counts objects, and reads no value of them but their namespace",
  },
  {
    policy: noDefaultNamespace,
    pass: {
      "a namespace of its own": SERVICE,
      "a custom kind in a namespace of its own":
        "apiVersion: a.b/v1\nkind: Thing\nmetadata: { name: t, namespace: ns }\n",
      "a job's template in a config map of one": `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: ns }\ndata:\n  job.yaml: |\n    apiVersion: batch/v1\n    kind: Job\n    metadata: { name: j }\n`,
    },
    fail: {
      default: { given: SERVICE.replace("namespace: ns", "namespace: default"), tells: 'it is "default"' },
      "none given": { given: "kind: ConfigMap\nmetadata: { name: c }\n", tells: "it names no namespace" },
      "a kind of a group": {
        given: "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: c }\n",
        tells: "it names no namespace",
      },
      "a custom kind that says default": {
        given: "apiVersion: a.b/v1\nkind: Thing\nmetadata: { name: t, namespace: default }\n",
        tells: 'it is "default"',
      },
      "a custom kind with pods": {
        given:
          "apiVersion: a.b/v1\nkind: Thing\nmetadata: { name: t }\nspec: { template: { spec: { containers: [{ name: a }] } } }\n",
        tells: "it names no namespace",
      },
      "a Service of the user's": {
        given: "apiVersion: v1\nkind: Service\nmetadata: { name: kubernetes-dashboard, namespace: default }\n",
        tells: 'it is "default"',
      },
    },
    notApplicable: {
      "what has no namespace": namespace("{}"),
      "what has no namespace, though it names one":
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: r, namespace: default }\n",
      "a custom kind that may have none": "apiVersion: a.b/v1\nkind: Thing\nmetadata: { name: t }\n",
      "the API server's own Service":
        "apiVersion: v1\nkind: Service\nmetadata: { name: kubernetes, namespace: default }\n",
      "a Harvester template": `apiVersion: batch/v1\nkind: Job\nmetadata: { name: grid-job }\nspec: { template: { spec: { volumes: [{ name: p, secret: { secretName: proxy-secret } }], containers: [{ name: a }] } } }\n`,
    },
    unknown: { "the namespace": SERVICE.replace("namespace: ns", "namespace: !unknown x") },
  },
];
