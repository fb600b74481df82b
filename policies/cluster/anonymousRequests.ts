import { violation, type ObjectPolicy } from "../model/policy";
import { byFlags, FLAG_KINDS } from "./flags";

/** Clients without a name reach nothing, or a few named paths. */
export const anonymousRequests: ObjectPolicy = {
  kind: "object",
  name: "anonymous-requests",
  title: "Anonymous requests are off, or limited to paths by an authentication configuration",
  why: "Only RBAC stands between an anonymous client and the cluster: one binding too many, and everybody has it. kubeadm's join needs the cluster-info of kube-public anonymously, health checks need /readyz; nothing needs more.",
  level: "advisory",
  severity: "medium",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "1.2.1" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0262" },
  ],
  remediation:
    "Give the API server an authentication-config (AuthenticationConfiguration) whose anonymous.conditions name /livez, /readyz, /healthz and the path of cluster-info; or anonymous-auth=false where nothing joins by token.",
  kinds: FLAG_KINDS,
  check: (object, settings) =>
    byFlags(object, "kube-apiserver", settings, (flags) => {
      const anonymous = flags.get("anonymous-auth");
      const limited = anonymous?.value === "false" || flags.get("authentication-config") !== undefined;
      return limited ? [] : [violation(anonymous?.at ?? flags.place, "anonymous requests reach every path")];
    }),
};
