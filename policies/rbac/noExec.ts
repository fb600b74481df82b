import type { ObjectPolicy } from "../model/policy";
import { forbidden, ROLE_KINDS } from "./roles";

/** Nobody may start a program in a running pod. */
export const noExec: ObjectPolicy = {
  kind: "object",
  name: "no-exec",
  title: "No role that runs programs in pods",
  why: "Who may exec or attach is inside every job of the namespace, with its grid proxy, and no admission rule looks at what he starts.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0002" },
    { framework: "Polaris", version: "10.2.2", control: "rolePodExecAttach, clusterrolePodExecAttach" },
  ],
  remediation: "Leave pods/exec, pods/attach, pods/portforward and pods/proxy out; logs are pods/log.",
  kinds: ROLE_KINDS,
  check: (role) =>
    forbidden(role, [
      {
        group: "",
        resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "pods/ephemeralcontainers"],
        verbs: ["create", "get", "patch", "update"],
      },
    ]),
};
