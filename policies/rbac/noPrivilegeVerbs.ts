import { each, violation, type ObjectPolicy } from "../model/policy";
import { allowed, ROLE_KINDS, type Power } from "./roles";

const VERBS = ["bind", "escalate", "impersonate"];

/** What `*` as a verb would mean among them. */
const POWERS: readonly Power[] = [
  { group: "rbac.authorization.k8s.io", resources: ["roles", "clusterroles"], verbs: ["bind", "escalate"] },
  { group: "", resources: ["users", "groups", "serviceaccounts"], verbs: ["impersonate"] },
  { group: "authentication.k8s.io", resources: ["userextras", "uids"], verbs: ["impersonate"] },
];

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
    each(role.root.at("rules").items, (rule) => {
      const verbs = rule.at("verbs").texts.filter((verb) => VERBS.includes(verb));
      const byWildcard = POWERS.map((power) => allowed(rule, power)).filter((words) => words !== undefined);
      const found = verbs.length > 0 ? verbs : byWildcard;
      return found.length === 0 ? undefined : violation(rule, `this rule allows ${found.join(", ")}`);
    }),
};
