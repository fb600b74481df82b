import { violation, type ObjectPolicy } from "../model/policy";
import { byFlags, FLAG_KINDS } from "./flags";

/** Plugins that are on by default and carry the site's rules. */
const NEEDED = ["PodSecurity", "NamespaceLifecycle", "ServiceAccount", "NodeRestriction", "ValidatingAdmissionPolicy"];

/** What the API server admits is looked at. */
export const apiServerAdmission: ObjectPolicy = {
  kind: "object",
  name: "api-server-admission",
  title: "NodeRestriction is on, nothing the rules stand on is off, and AlwaysAdmit is not in use",
  why: "Without NodeRestriction a kubelet that is taken over changes other nodes and their pods; without PodSecurity and the admission policies the labels of namespaces are words.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "1.2.9, 1.2.12, 1.2.13, 1.2.14" }],
  remediation:
    "Name NodeRestriction in enable-admission-plugins (kubeadm does), and leave disable-admission-plugins out.",
  kinds: FLAG_KINDS,
  check: (object, settings) =>
    byFlags(object, "kube-apiserver", settings, (flags) => {
      const enabled = flags.get("enable-admission-plugins");
      const plugins = (enabled?.value ?? (flags.defaults === "kubeadm" ? "NodeRestriction" : "")).split(",");
      const disabled = flags.get("disable-admission-plugins");
      const off = disabled?.value.split(",").filter((plugin) => NEEDED.includes(plugin)) ?? [];
      return [
        ...(plugins.includes("NodeRestriction")
          ? []
          : [violation(enabled?.at ?? flags.place, "NodeRestriction is not enabled")]),
        ...(enabled !== undefined && plugins.includes("AlwaysAdmit")
          ? [violation(enabled.at, "AlwaysAdmit is enabled")]
          : []),
        ...(disabled !== undefined && off.length > 0 ? [violation(disabled.at, `${off.join(", ")} is disabled`)] : []),
      ];
    }),
};
