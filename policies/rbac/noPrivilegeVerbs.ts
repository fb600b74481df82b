import type { ObjectPolicy } from "../model/policy";
import { forbidden, ROLE_KINDS } from "./roles";

/** Nobody may give himself rights he does not have. */
export const noPrivilegeVerbs: ObjectPolicy = {
  kind: "object",
  name: "no-privilege-verbs",
  title: "No role with bind, escalate or impersonate",
  why: "Each of the three verbs turns a client into one with more rights than its own role gives.",
  level: "mandatory",
  severity: "critical",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.1.8" },
    { framework: "Kyverno", version: "b9c4317", control: "restrict-escalation-verbs-roles" },
  ],
  remediation: "Leave the verbs out; let the program, which runs as administrator, make roles and bindings.",
  kinds: ROLE_KINDS,
  check: (role) =>
    forbidden(role, [
      {
        group: "rbac.authorization.k8s.io",
        resources: ["roles", "clusterroles"],
        // Impersonating a role means nothing to the API server; whoever writes it meant something else.
        verbs: ["bind", "escalate", "impersonate"],
      },
      { group: "", resources: ["users", "groups", "serviceaccounts"], verbs: ["impersonate"] },
      { group: "authentication.k8s.io", resources: ["userextras", "uids"], verbs: ["impersonate"] },
    ]),
};
