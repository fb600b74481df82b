import type { ObjectPolicy } from "../model/policy";
import { forbidden, ROLE_KINDS } from "./roles";

/** Nobody may approve certificates. */
export const noCertificateApproval: ObjectPolicy = {
  kind: "object",
  name: "no-certificate-approval",
  title: "No role that approves certificate requests",
  why: "Who approves a request for a client certificate can be any user of the cluster, and a certificate can not be called back.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "5.1.11" }],
  remediation: "Let the controller manager's own approver do it, or the administrator by hand.",
  kinds: ROLE_KINDS,
  check: (role) =>
    forbidden(role, [
      { group: "certificates.k8s.io", resources: ["certificatesigningrequests/approval"], verbs: ["update", "patch"] },
      { group: "certificates.k8s.io", resources: ["signers"], verbs: ["approve", "sign"] },
    ]),
};
