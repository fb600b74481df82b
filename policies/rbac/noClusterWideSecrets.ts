import type { ObjectPolicy } from "../model/policy";
import { forbidden } from "./roles";

/** Nobody may read every secret of the cluster. */
export const noClusterWideSecrets: ObjectPolicy = {
  kind: "object",
  name: "no-cluster-wide-secrets",
  title: "No ClusterRole that reads secrets",
  why: "Among all secrets are the bootstrap tokens and every queue's grid proxy: who reads them is everybody. Listing and watching show their content too.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.1.2" },
    { framework: "Kyverno", version: "b9c4317", control: "restrict-secret-role-verbs" },
    { framework: "kube-linter", version: "0.8.3", control: "access-to-secrets" },
  ],
  remediation: "Use a Role in the one namespace, with resourceNames for the secrets that are read.",
  kinds: ["rbac.authorization.k8s.io/ClusterRole"],
  check: (role) => forbidden(role, [{ group: "", resources: ["secrets"], verbs: ["get", "list", "watch"] }], true),
};
