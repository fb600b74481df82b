import type { Field } from "../model/field";
import { each, violation, type ObjectPolicy, type Violation } from "../model/policy";
import { allowed, ROLE_KINDS, type Power } from "./roles";

const APPROVAL: Power = {
  group: "certificates.k8s.io",
  resources: ["certificatesigningrequests/approval"],
  verbs: ["update", "patch"],
};
const SIGNERS: Power = { group: "certificates.k8s.io", resources: ["signers"], verbs: ["approve", "sign"] };

/** Whether a rule is for named signers of somebody's own: the cluster takes no certificate of theirs. */
function forOwnSigners(rule: Field): boolean {
  const names = rule.at("resourceNames").texts;
  return names.length > 0 && names.every((name) => !/^(kubernetes\.io\/|\*)/.test(name));
}

function found(rule: Field, power: Power): Violation | undefined {
  const words = allowed(rule, power);
  return words === undefined ? undefined : violation(rule, `this rule allows ${words}`);
}

/** Nobody may approve certificates that the cluster takes. */
export const noCertificateApproval: ObjectPolicy = {
  kind: "object",
  name: "no-certificate-approval",
  title: "No role that approves certificate requests",
  why: "Who approves a request for a client certificate can be any user of the cluster, and a certificate cannot be called back.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "5.1.11" }],
  remediation:
    "Let the controller manager's own approver do it, or the administrator by hand; for signers of your own, name them in resourceNames.",
  kinds: ROLE_KINDS,
  check: (role) =>
    each(role.root.at("rules").items, (rule) => [
      ...each([APPROVAL], (power) => found(rule, power)),
      ...each([SIGNERS], (power) => (forOwnSigners(rule) ? undefined : found(rule, power))),
    ]),
};
