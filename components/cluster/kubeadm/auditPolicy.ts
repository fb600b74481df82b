/** What the API server writes into its audit log: enough to trace a job months later, and no secret. */
import { stringify } from "yaml";

type Level = "None" | "Metadata" | "Request" | "RequestResponse";

/** A rule of `audit.k8s.io/v1`; the first that matches a request decides. */
export interface AuditRule {
  readonly level: Level;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  /** Group of the API ("" is the core) and resources in it, subresources after '/'. Absent resources: all of the group. */
  readonly resources?: readonly { readonly group: string; readonly resources?: readonly string[] }[];
  readonly nonResourceURLs?: readonly string[];
}

const CHANGES = ["create", "update", "patch", "delete", "deletecollection"];

/** Kubernetes' own parts, who watch everything all the time. */
const SYSTEM_USERS = [
  "system:apiserver",
  "system:kube-controller-manager",
  "system:kube-scheduler",
  "system:kube-proxy",
];
const NODES = ["system:nodes"];

/** What says nothing about anybody, thousands of times an hour. */
const noise: AuditRule[] = [
  {
    level: "None",
    nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi*", "/metrics*", "/api", "/apis"],
  },
  { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
  { level: "None", resources: [{ group: "", resources: ["events"] }, { group: "events.k8s.io" }] },
  // A node sees no Secret but those of its own pods.
  { level: "None", userGroups: NODES, verbs: ["watch"] },
  { level: "None", userGroups: NODES, verbs: ["get"], resources: [core("nodes", "pods")] },
  { level: "None", userGroups: NODES, verbs: ["update", "patch"], resources: [core("nodes/status")] },
];

/** Who touched it, and never what is in it: proxies and tokens, and job scripts, which may name some. */
const secrets: AuditRule[] = [
  {
    level: "Metadata",
    resources: [
      core("secrets", "configmaps", "serviceaccounts/token"),
      { group: "authentication.k8s.io", resources: ["tokenreviews"] },
    ],
  },
];

/** After the secrets: whoever watches those in the name of a part of Kubernetes is told. */
const systemWatches: AuditRule[] = [
  { level: "None", users: SYSTEM_USERS, verbs: ["watch"] },
  { level: "None", userGroups: ["system:serviceaccounts:kube-system"], verbs: ["watch"] },
];

/** Ways into a running pod, or past the API to a node; the command of an exec is part of the address. */
const endpoints: AuditRule[] = [
  {
    level: "Metadata",
    resources: [core("pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy", "nodes/proxy")],
  },
];

/** What a job is, where it ran, how it ended, and what rules it was under. */
const content: AuditRule[] = [
  // A Job's pods get their names from the API: they are in its answer alone, beside the Job they belong to.
  { level: "RequestResponse", verbs: ["create"], resources: [core("pods")] },
  // Image digests, exit codes, times: what the kubelet saw.
  { level: "Request", userGroups: NODES, verbs: ["update", "patch"], resources: [core("pods/status")] },
  {
    level: "Request",
    verbs: CHANGES,
    resources: [
      core("pods", "pods/binding", "pods/eviction", "pods/ephemeralcontainers"),
      core("namespaces", "nodes", "serviceaccounts", "resourcequotas", "limitranges"),
      { group: "batch", resources: ["jobs", "cronjobs"] },
      { group: "apps", resources: ["daemonsets", "deployments", "statefulsets"] },
      { group: "networking.k8s.io", resources: ["networkpolicies"] },
      { group: "rbac.authorization.k8s.io" },
      { group: "admissionregistration.k8s.io" },
    ],
  },
];

/** The rules in their order. */
export const auditRules: readonly AuditRule[] = [
  ...noise,
  ...secrets,
  ...systemWatches,
  ...endpoints,
  ...content,
  { level: "Metadata" },
];

/** The policy as the file that the API server reads. */
export function auditPolicy(): string {
  return stringify(
    {
      apiVersion: "audit.k8s.io/v1",
      kind: "Policy",
      // Every request that came is told when it was answered; a second line says nothing more.
      omitStages: ["RequestReceived"],
      // Who wrote which field last is half of an object, and of no use to anybody who looks for a job.
      omitManagedFields: true,
      rules: auditRules,
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function core(...resources: string[]): { group: string; resources: string[] } {
  return { group: "", resources };
}
