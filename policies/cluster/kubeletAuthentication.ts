import { violation, type ObjectPolicy } from "../model/policy";

/** A kubelet serves nobody it does not know. */
export const kubeletAuthentication: ObjectPolicy = {
  kind: "object",
  name: "kubelet-authentication",
  title: "Kubelets know their clients and ask the API server what those may do",
  why: "A kubelet's API runs programs in every pod of its node: whoever reaches its port has the jobs.",
  level: "mandatory",
  severity: "critical",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "4.2.1, 4.2.2" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0069, C-0070" },
  ],
  remediation: "Leave authentication and authorization at their defaults: anonymous off, webhook on, mode Webhook.",
  kinds: ["kubelet.config.k8s.io/KubeletConfiguration"],
  check: ({ root }) => {
    const anonymous = root.at("authentication", "anonymous", "enabled");
    const webhook = root.at("authentication", "webhook", "enabled");
    const mode = root.at("authorization", "mode");
    return [
      ...(anonymous.is(true) ? [violation(anonymous, "anonymous clients are served")] : []),
      ...(webhook.is(false) ? [violation(webhook, "tokens are not checked with the API server")] : []),
      ...(mode.present && !mode.is("Webhook") ? [violation(mode, `the mode is ${String(mode.value)}`)] : []),
    ];
  },
};
