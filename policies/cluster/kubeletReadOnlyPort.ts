import { violation, type ObjectPolicy } from "../model/policy";

/** Nothing is served without asking. */
export const kubeletReadOnlyPort: ObjectPolicy = {
  kind: "object",
  name: "kubelet-read-only-port",
  title: "No read-only port of the kubelet",
  why: "Port 10255 shows every pod's spec and statistics to anybody who reaches it, without asking who he is.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "4.2.4" }],
  remediation: "Set readOnlyPort: 0, the default.",
  kinds: ["kubelet.config.k8s.io/KubeletConfiguration"],
  check: ({ root }) => {
    const port = root.at("readOnlyPort");
    return port.present && !port.is(0) ? [violation(port, `the port is ${String(port.value)}`)] : [];
  },
};
