import { admissionPoliciesBound } from "../../../../policies/namespaces/admissionPoliciesBound";
import { batchNamespaceLevel } from "../../../../policies/namespaces/batchNamespaceLevel";
import { defaultDenyEgress } from "../../../../policies/namespaces/defaultDenyEgress";
import { defaultDenyIngress } from "../../../../policies/namespaces/defaultDenyIngress";
import { ingressTls } from "../../../../policies/namespaces/ingressTls";
import { noBatchService } from "../../../../policies/namespaces/noBatchService";
import { noDefaultNamespace } from "../../../../policies/namespaces/noDefaultNamespace";
import { podSecurityLabels } from "../../../../policies/namespaces/podSecurityLabels";
import { secretTypes } from "../../../../policies/namespaces/secretTypes";
import type { MoreCases } from "../policyCases";

const QUEUE = "apiVersion: v1\nkind: Namespace\nmetadata: { name: q, labels: { atlas-site/queue: Q } }\n";
const network = (spec: string, namespace = "q", kind = "NetworkPolicy") =>
  `${QUEUE}---\napiVersion: networking.k8s.io/v1\nkind: ${kind}\nmetadata: { name: n, namespace: ${namespace} }\nspec: ${spec}\n`;
const OPEN = "{ podSelector: { matchExpressions: [{ key: a, operator: Exists }] }, policyTypes: [Ingress, Egress] }";
const ingress = (tls: string, host: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i, namespace: n }\nspec: { tls: ${tls}, rules: [{ host: ${host} }] }\n`;
const labels = (text: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: n, labels: { ${text} } }\n`;
const ENFORCE = "pod-security.kubernetes.io/enforce";

/** Kinds of Kubernetes' own that live in a namespace, by apiVersion, written again from its API reference. */
const NAMESPACED: Readonly<Record<string, string>> = {
  v1: "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
  "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
  "autoscaling/v2": "HorizontalPodAutoscaler",
  "batch/v1": "CronJob Job",
  "coordination.k8s.io/v1": "Lease LeaseCandidate",
  "discovery.k8s.io/v1": "EndpointSlice",
  "events.k8s.io/v1": "Event",
  "extensions/v1beta1": "DaemonSet Deployment Ingress NetworkPolicy ReplicaSet",
  "networking.k8s.io/v1": "Ingress NetworkPolicy",
  "policy/v1": "PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1": "Role RoleBinding",
  "resource.k8s.io/v1": "ResourceClaim ResourceClaimTemplate",
  "scheduling.k8s.io/v1alpha1": "PodGroup Workload",
  "storage.k8s.io/v1": "CSIStorageCapacity",
};
const objects = Object.entries(NAMESPACED).flatMap(([apiVersion, kinds]) =>
  kinds.split(" ").map((kind) => ({ apiVersion, kind })),
);

/** Edges of the policies on namespaces and the network. */
export const more: readonly MoreCases[] = [
  ...[defaultDenyIngress, defaultDenyEgress].map((policy): MoreCases => {
    const closing = policy === defaultDenyIngress ? "Ingress" : "Egress";
    const other = closing === "Ingress" ? "Egress" : "Ingress";
    return {
      policy,
      fail: {
        "a policy for some pods": { given: network(OPEN), tells: "" },
        "a policy of another namespace": {
          given: network(`{ podSelector: {}, policyTypes: [${closing}] }`, "r"),
          tells: "",
        },
        "another kind of its group": {
          given: network(`{ podSelector: {}, policyTypes: [${closing}] }`, "q", "Ingress"),
          tells: "",
        },
        "the other direction": { given: network(`{ podSelector: {}, policyTypes: [${other}] }`), tells: "" },
        ...(closing === "Egress"
          ? { "no types, which is ingress": { given: network("{ podSelector: {} }"), tells: "" } }
          : {}),
      },
      pass: {
        "both directions": network("{ podSelector: {}, policyTypes: [Egress, Ingress] }"),
        ...(closing === "Ingress" ? { "no types, which is ingress": network("{ podSelector: {} }") } : {}),
      },
      notApplicable: {
        "another kind with the label": QUEUE.replace("kind: Namespace", "kind: Service"),
        "a namespace of another API": QUEUE.replace("apiVersion: v1", "apiVersion: example.org/v1"),
      },
    };
  }),
  {
    policy: admissionPoliciesBound,
    fail: {
      "a policy that is not bound": {
        given: `${QUEUE}---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: { name: p }\nspec: { validationActions: [Deny], matchResources: {} }\n`,
        tells: "",
      },
    },
  },
  {
    policy: batchNamespaceLevel,
    pass: { restricted: QUEUE.replace("Q }", `Q, ${ENFORCE}: restricted }`) },
  },
  {
    policy: ingressTls,
    pass: {
      "an entry for all hosts among others": ingress("[{ hosts: [b.example.org] }, {}]", "a.example.org"),
      "hosts of two entries": ingress("[{ hosts: [b.example.org] }, { hosts: [c.d, a.example.org] }]", "a.example.org"),
      "a wildcard": ingress("[{ hosts: ['*.example.org'] }]", "alpha.example.org"),
    },
    fail: {
      "a wildcard of another domain": {
        given: ingress("[{ hosts: ['*.example.com'] }]", "a.example.org"),
        tells: 'host "a.example.org" is in no entry',
      },
      "a wildcard one level up": {
        given: ingress("[{ hosts: ['*.example.org'] }]", "a.b.example.org"),
        tells: "is in no entry",
      },
      "a host that begins with a dot": {
        given: ingress("[{ hosts: ['.*.example.org', '*.org'] }]", "'.a.example.org'"),
        tells: "is in no entry",
      },
    },
  },
  {
    policy: noBatchService,
    notApplicable: { "another kind": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: q }\n" },
  },
  {
    policy: noDefaultNamespace,
    fail: Object.fromEntries(
      [...objects, ...[...new Set(objects.map(({ kind }) => kind))].map((kind) => ({ apiVersion: "", kind }))].map(
        ({ apiVersion, kind }) => [
          `${kind} of ${apiVersion || "no API"}`,
          {
            given: `${apiVersion === "" ? "" : `apiVersion: ${apiVersion}\n`}kind: ${kind}\nmetadata: { name: a }\n`,
            tells: "metadata.namespace: it names no namespace, which means default",
          },
        ],
      ),
    ),
    pass: {
      "a Harvester template with a namespace":
        "apiVersion: batch/v1\nkind: Job\nmetadata: { name: j, namespace: q }\nspec: { template: { spec: { volumes: [{ name: p, secret: { secretName: proxy-secret } }] } } }\n",
    },
    notApplicable: {
      ...Object.fromEntries(
        ["v1 Service kubernetes", "v1 Endpoints kubernetes", "discovery.k8s.io/v1 EndpointSlice kubernetes"]
          .concat(["v1 ServiceAccount default", "v1 ConfigMap kube-root-ca.crt"])
          .map((one) => {
            const [apiVersion, kind, name] = one.split(" ");
            return [one, `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: default }\n`];
          }),
      ),
      "a kind of somebody's": "apiVersion: example.org/v1\nkind: Lease\nmetadata: { name: a }\n",
    },
  },
  {
    policy: podSecurityLabels,
    fail: {
      "a version with more behind": {
        given: labels(`${ENFORCE}: restricted, ${ENFORCE}-version: v1.36.1`),
        tells: 'the version of the level is "v1.36.1"',
      },
      "a version with more before": {
        given: labels(`${ENFORCE}: restricted, ${ENFORCE}-version: k8s-v1.36`),
        tells: 'the version of the level is "k8s-v1.36"',
      },
    },
  },
  {
    policy: secretTypes,
    pass: {
      "no type": {
        given: "apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: q }\n",
        settings: { batchNamespaces: ["q"] },
      },
      "an empty type": {
        given: "apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: q }\ntype: ''\n",
        settings: { batchNamespaces: ["q"] },
      },
    },
  },
];
