import type { ObjectPolicy } from "../model/policy";
import { forbidden, ROLE_KINDS } from "./roles";

/** Nobody may make tokens for ServiceAccounts. */
export const noTokenCreation: ObjectPolicy = {
  kind: "object",
  name: "no-token-creation",
  title: "No role that creates tokens of ServiceAccounts",
  why: "Who makes a token for a ServiceAccount is that account, for as long as the token lives.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "5.1.13" }],
  remediation: "Mount a projected token into the pod that needs it; the kubelet makes and renews it.",
  kinds: ROLE_KINDS,
  check: (role) => forbidden(role, [{ group: "", resources: ["serviceaccounts/token"], verbs: ["create"] }]),
};
