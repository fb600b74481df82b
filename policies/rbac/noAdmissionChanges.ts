import type { ObjectPolicy } from "../model/policy";
import { forbidden, ROLE_KINDS } from "./roles";

/** Nobody but the program may change what admission demands. */
export const noAdmissionChanges: ObjectPolicy = {
  kind: "object",
  name: "no-admission-changes",
  title: "No role that changes admission rules",
  why: "Who may change a webhook or an admission policy can switch off the rules the queues are held to, or read every object that is written.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "5.1.12" }],
  remediation: "Let the program, which runs as administrator, declare them.",
  kinds: ROLE_KINDS,
  check: (role) =>
    forbidden(role, [
      {
        group: "admissionregistration.k8s.io",
        resources: [
          "validatingwebhookconfigurations",
          "mutatingwebhookconfigurations",
          "validatingadmissionpolicies",
          "validatingadmissionpolicybindings",
          "mutatingadmissionpolicies",
          "mutatingadmissionpolicybindings",
        ],
        verbs: ["create", "update", "patch", "delete", "deletecollection"],
      },
    ]),
};
