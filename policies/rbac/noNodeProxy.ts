import type { ObjectPolicy } from "../model/policy";
import { forbidden, ROLE_KINDS } from "./roles";

/** Nobody may speak to kubelets through the API. */
export const noNodeProxy: ObjectPolicy = {
  kind: "object",
  name: "no-node-proxy",
  title: "No role with nodes/proxy",
  why: "nodes/proxy is the kubelet's own API: it runs programs in any pod of the node, and the audit log does not see it.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "5.1.10" }],
  remediation: "Use nodes/metrics and nodes/stats to read metrics.",
  kinds: ROLE_KINDS,
  check: (role) =>
    forbidden(role, [{ group: "", resources: ["nodes/proxy"], verbs: ["get", "create", "update", "patch", "delete"] }]),
};
