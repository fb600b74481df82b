import { violation, type ObjectPolicy } from "../model/policy";

/** Versions of APIs that Kubernetes no longer serves: kinds, and the minor version that dropped them. */
const REMOVED: readonly { readonly apiVersion: string; readonly kinds?: readonly string[]; readonly since: string }[] =
  [
    { apiVersion: "extensions/v1beta1", kinds: ["Ingress"], since: "1.22" },
    { apiVersion: "extensions/v1beta1", since: "1.16" },
    { apiVersion: "apps/v1beta1", since: "1.16" },
    { apiVersion: "apps/v1beta2", since: "1.16" },
    { apiVersion: "networking.k8s.io/v1beta1", kinds: ["Ingress", "IngressClass"], since: "1.22" },
    { apiVersion: "rbac.authorization.k8s.io/v1beta1", since: "1.22" },
    { apiVersion: "rbac.authorization.k8s.io/v1alpha1", since: "1.22" },
    { apiVersion: "policy/v1beta1", since: "1.25" },
    { apiVersion: "batch/v1beta1", since: "1.25" },
    { apiVersion: "batch/v2alpha1", since: "1.21" },
    { apiVersion: "autoscaling/v2beta1", since: "1.25" },
    { apiVersion: "autoscaling/v2beta2", since: "1.26" },
    { apiVersion: "discovery.k8s.io/v1beta1", since: "1.25" },
    { apiVersion: "scheduling.k8s.io/v1beta1", since: "1.22" },
    {
      apiVersion: "storage.k8s.io/v1beta1",
      kinds: ["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment"],
      since: "1.22",
    },
    { apiVersion: "storage.k8s.io/v1beta1", kinds: ["CSIStorageCapacity"], since: "1.27" },
    { apiVersion: "apiextensions.k8s.io/v1beta1", since: "1.22" },
    { apiVersion: "apiregistration.k8s.io/v1beta1", since: "1.22" },
    // Other kinds of these four groups came in later, in the same version.
    {
      apiVersion: "admissionregistration.k8s.io/v1beta1",
      kinds: ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
      since: "1.22",
    },
    { apiVersion: "certificates.k8s.io/v1beta1", kinds: ["CertificateSigningRequest"], since: "1.22" },
    { apiVersion: "coordination.k8s.io/v1beta1", kinds: ["Lease"], since: "1.22" },
    { apiVersion: "authentication.k8s.io/v1beta1", kinds: ["TokenReview"], since: "1.22" },
    { apiVersion: "authorization.k8s.io/v1beta1", since: "1.22" },
    { apiVersion: "events.k8s.io/v1beta1", since: "1.25" },
    { apiVersion: "node.k8s.io/v1beta1", kinds: ["RuntimeClass"], since: "1.25" },
    { apiVersion: "flowcontrol.apiserver.k8s.io/v1beta1", since: "1.26" },
    { apiVersion: "flowcontrol.apiserver.k8s.io/v1beta2", since: "1.29" },
    { apiVersion: "flowcontrol.apiserver.k8s.io/v1beta3", since: "1.32" },
  ];

/** Kinds that ever stood in such a version. */
const KINDS = [
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "CronJob",
  "Deployment",
  "DaemonSet",
  "StatefulSet",
  "ReplicaSet",
  "NetworkPolicy",
  "Ingress",
  "IngressClass",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "HorizontalPodAutoscaler",
  "EndpointSlice",
  "PriorityClass",
  "StorageClass",
  "CSIDriver",
  "CSINode",
  "VolumeAttachment",
  "FlowSchema",
  "PriorityLevelConfiguration",
  "CSIStorageCapacity",
  "CustomResourceDefinition",
  "APIService",
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
  "CertificateSigningRequest",
  "Lease",
  "RuntimeClass",
  "TokenReview",
  "SubjectAccessReview",
  "LocalSubjectAccessReview",
  "SelfSubjectAccessReview",
  "SelfSubjectRulesReview",
  "Event",
  "ControllerRevision",
];

/** No object that a supported cluster does not know. */
export const removedApis: ObjectPolicy = {
  kind: "object",
  name: "removed-apis",
  title: "No object of an API version that Kubernetes has removed",
  why: "The SDK still has types for them and a preview is content; only the update fails, half way. A PodSecurityPolicy that is not refused would moreover be taken for protection.",
  level: "mandatory",
  severity: "medium",
  frameworks: [{ framework: "Kubernetes", version: "1.36", control: "deprecated API migration guide" }],
  remediation:
    "Use the version that replaced it; for PodSecurityPolicy: Pod Security labels and ValidatingAdmissionPolicies.",
  kinds: KINDS,
  check: ({ root, kind, apiVersion }) => {
    const removed = REMOVED.find((one) => one.apiVersion === apiVersion && (one.kinds ?? [kind]).includes(kind));
    return removed === undefined
      ? []
      : [violation(root.at("apiVersion"), `${kind} of ${apiVersion} is gone since Kubernetes ${removed.since}`)];
  },
};
