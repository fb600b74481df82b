import { violation, type ObjectPolicy } from "../model/policy";

/** Nodes do not drop out when their first certificate ends. */
export const kubeletRotatesCertificates: ObjectPolicy = {
  kind: "object",
  name: "kubelet-rotates-certificates",
  title: "Kubelets renew their client certificates",
  why: "A certificate lasts a year: without rotation every node of the site drops out on one day.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "4.2.10, 4.2.11" }],
  remediation: "Set rotateCertificates: true.",
  kinds: ["kubelet.config.k8s.io/KubeletConfiguration"],
  check: ({ root }) => {
    const rotate = root.at("rotateCertificates");
    return rotate.is(true) ? [] : [violation(rotate, "client certificates are not renewed")];
  },
};
