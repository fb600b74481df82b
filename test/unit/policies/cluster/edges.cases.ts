import { apiServerAdmission } from "../../../../policies/cluster/apiServerAdmission";
import { auditPolicyLevels } from "../../../../policies/cluster/auditPolicyLevels";
import { clientRates } from "../../../../policies/cluster/clientRates";
import { encryptionProvider } from "../../../../policies/cluster/encryptionProvider";
import { kubeletAuthentication } from "../../../../policies/cluster/kubeletAuthentication";
import { kubeletPidsLimit } from "../../../../policies/cluster/kubeletPidsLimit";
import { kubernetesSupported } from "../../../../policies/cluster/kubernetesSupported";
import { profilingOff } from "../../../../policies/cluster/profilingOff";
import { removedApis } from "../../../../policies/cluster/removedApis";
import { schedulerPacksNodes } from "../../../../policies/cluster/schedulerPacksNodes";
import { pod, type MoreCases } from "../policyCases";

const runs = (program: string, ...words: readonly string[]) =>
  pod(`containers: [{ name: a, command: [/usr/bin/${program}, ${words.map((word) => `"${word}"`).join(", ")}] }]`);
const runsByArgs = (...words: readonly string[]) =>
  pod(`containers: [{ name: a, args: [${words.map((word) => `"${word}"`).join(", ")}] }]`);
const audit = (rules: string) => `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [${rules}]\n`;
const encryption = (resources: string, providers: string) =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: [{ resources: [${resources}], providers: [${providers}] }]\n`;
const version = (text: string) =>
  `apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: ${text}\n`;
const kubelet = (more: string) => `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${more}\n`;

const LAST = "{ level: Metadata }";

/** Edges of the policies on the control plane and the kubelet. */
export const more: readonly MoreCases[] = [
  {
    policy: apiServerAdmission,
    pass: {
      "a flag of two words": runs("kube-apiserver", "--enable-admission-plugins", "NodeRestriction"),
      "a plugin off that nothing stands on": runs(
        "kube-apiserver",
        "--enable-admission-plugins=NodeRestriction",
        "--disable-admission-plugins=DefaultStorageClass",
      ),
    },
    fail: {
      "a pod without the flag, by its container": {
        given: runs("kube-apiserver", "--secure-port=6443"),
        tells: "spec.containers[0]: NodeRestriction is not enabled",
      },
      "its words as arguments": { given: runsByArgs("kube-apiserver", "--v=2"), tells: "NodeRestriction" },
      "a flag whose value is the next flag": {
        given: runs("kube-apiserver", "--enable-admission-plugins", "--NodeRestriction"),
        tells: "command[1]: NodeRestriction is not enabled",
      },
      "a flag whose value is a word with a dash at its end": {
        given: runs("kube-apiserver", "--enable-admission-plugins", "NodeRestriction-"),
        tells: "NodeRestriction is not enabled",
      },
      "a flag at the end, which is a switch": {
        given: runs("kube-apiserver", "NodeRestriction", "--enable-admission-plugins"),
        tells: "NodeRestriction is not enabled",
      },
    },
    notApplicable: {
      "a container without a command": pod("containers: [{ name: a }]"),
      "a command that is no text": pod("containers: [{ name: a, command: [{}] }]"),
      "another program of that folder": runs("kube-apiserver-proxy"),
    },
  },
  {
    policy: auditPolicyLevels,
    pass: {
      "a rule of another group with everything in it": audit(
        `{ level: Request, resources: [{ group: apps, resources: ["secrets"] }] }, ${LAST}`,
      ),
      "a rule of addresses with content": audit(`{ level: Request, nonResourceURLs: [/healthz] }, ${LAST}`),
      "other resources with content": audit(`{ level: Request, resources: [{ resources: [pods] }] }, ${LAST}`),
      "content behind a rule that has decided": audit(
        `{ level: Metadata, resources: [{ resources: [secrets, configmaps] }] }, { level: Request }`,
      ),
    },
    fail: {
      "two groups, one with secrets": {
        given: audit(`{ level: Request, resources: [{ group: apps }, { group: "", resources: [secrets] }] }, ${LAST}`),
        tells: "rules[0].level: the content of secrets is logged",
      },
      "everything of the core group": {
        given: audit(`{ level: Request, resources: [{ group: "" }] }, ${LAST}`),
        tells: "the content of configmaps is logged",
      },
      "a star": {
        given: audit(`{ level: RequestResponse, resources: [{ resources: ["*"] }] }, ${LAST}`),
        tells: "the content of secrets is logged",
      },
      "content where no rule decides for all": {
        given: audit(`{ level: Request, users: [a] }, { level: Request, verbs: [get] }`),
        tells: "rules[1].level: the content of secrets is logged",
      },
      "a last rule for some addresses": {
        given: audit("{ level: Metadata, nonResourceURLs: [/healthz] }"),
        tells: "requests that no rule names are not logged",
      },
      ...Object.fromEntries(
        ["users", "userGroups", "verbs", "namespaces"].map((condition) => [
          `a last rule for some ${condition}`,
          {
            given: audit(`{ level: Metadata, ${condition}: [a] }`),
            tells: "requests that no rule names are not logged",
          },
        ]),
      ),
    },
  },
  {
    policy: clientRates,
    notApplicable: { "another program": runs("kube-scheduler", "--kube-api-qps=1") },
  },
  {
    policy: encryptionProvider,
    pass: {
      "secrets among others": encryption("configmaps, secrets", "{ aescbc: {} }, { identity: {} }"),
      "every resource of the core": encryption('"*."', "{ secretbox: {} }"),
      "every resource": encryption('"*.*"', "{ kms: {} }"),
    },
    fail: {
      "other resources": { given: encryption("configmaps, events", "{ aescbc: {} }"), tells: "secrets are not among" },
      "by the older kind": {
        given: encryption("configmaps", "{ aescbc: {} }").replace("EncryptionConfiguration", "EncryptionConfig"),
        tells: "secrets are not among the resources",
      },
    },
  },
  {
    policy: kubeletAuthentication,
    pass: {
      "asked for": kubelet(
        "authentication: { anonymous: { enabled: false }, webhook: { enabled: true } }\nauthorization: { mode: Webhook }",
      ),
    },
  },
  {
    policy: kubeletPidsLimit,
    fail: { none: { given: kubelet("podPidsLimit: 0"), tells: "podPidsLimit" } },
  },
  {
    policy: kubernetesSupported,
    pass: { "without v": { given: version("1.36.12"), settings: { today: "2026-12-01" } } },
    fail: {
      "a name before it": { given: version("lab-v1.36.1"), tells: "is no fixed version" },
      "no patch": { given: version("v1.36"), tells: '"v1.36" is no fixed version' },
      "its last day over": {
        given: version("1.33.10"),
        tells: "support of 1.33 ended",
        settings: { today: "2026-12-01" },
      },
    },
    notApplicable: { "no day": { given: version("v1.33.1"), settings: { today: "" } } },
  },
  {
    policy: profilingOff,
    pass: {
      "a scheduler with a file": runs("kube-scheduler", "--config=/etc/s.yaml"),
      "said by the program": runs("kube-controller-manager", "--profiling=false"),
    },
    fail: {
      "a scheduler without": { given: runs("kube-scheduler", "--v=1"), tells: "kube-scheduler offers profiles" },
      "a controller manager with a flag of that name": {
        given: runs("kube-controller-manager", "--config=/etc/s.yaml"),
        tells: "kube-controller-manager offers profiles",
      },
    },
  },
  {
    policy: removedApis,
    fail: Object.fromEntries(
      (
        [
          ["storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.27"],
          ["apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.22"],
          ["apiregistration.k8s.io/v1beta1", "APIService", "1.22"],
          ["admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", "1.22"],
          ["admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", "1.22"],
          ["certificates.k8s.io/v1beta1", "CertificateSigningRequest", "1.22"],
          ["coordination.k8s.io/v1beta1", "Lease", "1.22"],
          ["node.k8s.io/v1beta1", "RuntimeClass", "1.25"],
          ["apps/v1beta2", "ControllerRevision", "1.16"],
        ] as const
      ).map(([apiVersion, kind, since]) => [
        `${kind} of ${apiVersion}`,
        {
          given: `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`,
          tells: `${kind} of ${apiVersion} is gone since Kubernetes ${since}`,
        },
      ]),
    ),
  },
  {
    policy: schedulerPacksNodes,
    notApplicable: { "another kind": "apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: n }\n" },
  },
];
