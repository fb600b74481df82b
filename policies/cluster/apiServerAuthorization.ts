import { violation, type ObjectPolicy } from "../model/policy";
import { byFlags, FLAG_KINDS } from "./flags";

/** Rights come from RBAC, and a kubelet has those of its own node. */
export const apiServerAuthorization: ObjectPolicy = {
  kind: "object",
  name: "api-server-authorization",
  title: "The API server authorizes by Node and RBAC",
  why: "With AlwaysAllow roles mean nothing; without Node every kubelet may read every secret of the cluster.",
  level: "mandatory",
  severity: "critical",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "1.2.6, 1.2.7, 1.2.8" }],
  remediation: "Set authorization-mode to Node,RBAC (kubeadm's default).",
  kinds: FLAG_KINDS,
  check: (object, settings) =>
    byFlags(object, "kube-apiserver", settings, (flags) => {
      if (flags.get("authorization-config") !== undefined) {
        return { notApplicable: "the modes stand in a file of their own (authorization-config)" };
      }
      const mode = flags.get("authorization-mode");
      const modes = (mode?.value ?? (flags.defaults === "kubeadm" ? "Node,RBAC" : "AlwaysAllow")).split(",");
      const wrong = modes.includes("AlwaysAllow") || !modes.includes("Node") || !modes.includes("RBAC");
      return wrong ? [violation(mode?.at ?? flags.place, `the modes are ${modes.join(",")}`)] : [];
    }),
};
