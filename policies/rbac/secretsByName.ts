import type { ObjectPolicy } from "../model/policy";
import { forbidden } from "./roles";

/** In a namespace too, a client should read only the secrets it uses. */
export const secretsByName: ObjectPolicy = {
  kind: "object",
  name: "secrets-by-name",
  title: "A Role reads secrets by their names only",
  why: "A namespace gets more secrets over time; a Role without names reads them all.",
  level: "advisory",
  severity: "medium",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.1.2" },
    { framework: "Kyverno", version: "b9c4317", control: "restrict-secret-role-verbs" },
    { framework: "kube-linter", version: "0.8.3", control: "access-to-secrets" },
  ],
  remediation: "Add resourceNames to the rule; list and watch cannot be bound to names, so do without them.",
  kinds: ["rbac.authorization.k8s.io/Role"],
  check: (role) => forbidden(role, [{ group: "", resources: ["secrets"], verbs: ["get", "list", "watch"] }], true),
};
