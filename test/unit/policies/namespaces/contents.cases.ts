import { noDefaultNamespace } from "../../../../policies/namespaces/noDefaultNamespace";
import { secretTypes } from "../../../../policies/namespaces/secretTypes";
import type { PolicyCases } from "../policyCases";

const SERVICE = "apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: ns }\n";
const secret = (more: string) => `apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: ns }\n${more}\n`;
const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: { name: queue, labels: {} }\n";

/** Cases of the policies on what stands in a namespace. */
export const cases: readonly PolicyCases[] = [
  {
    policy: secretTypes,
    pass: {
      "no type": secret(""),
      "a certificate outside of queues": secret("type: kubernetes.io/tls"),
      "Opaque in a queue": { given: secret("type: Opaque"), settings: { batchNamespaces: ["ns"] } },
    },
    fail: {
      "a token": {
        given: secret("type: kubernetes.io/service-account-token"),
        tells: "type: the control plane writes",
      },
      "a certificate in a queue": {
        given: secret("type: kubernetes.io/tls"),
        tells: "its type is kubernetes.io/tls",
        settings: { batchNamespaces: ["ns"] },
      },
    },
    notApplicable: { "a service": SERVICE },
    unknown: { "the type": secret("type: !unknown x") },
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
      "what has no namespace": NAMESPACE,
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
