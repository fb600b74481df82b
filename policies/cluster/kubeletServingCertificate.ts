import { violation, type ObjectPolicy } from "../model/policy";

/** Who asks a kubelet knows that it is one. */
export const kubeletServingCertificate: ObjectPolicy = {
  kind: "object",
  name: "kubelet-serving-certificate",
  title: "Kubelets serve with certificates of the cluster",
  why: "With certificates they sign themselves nobody, not even the metrics server, can tell a kubelet from whoever has taken its address.",
  level: "advisory",
  severity: "low",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "4.2.11" }],
  remediation: "Set serverTLSBootstrap: true and approve the requests.",
  kinds: ["kubelet.config.k8s.io/KubeletConfiguration"],
  check: ({ root }) => {
    const bootstrap = root.at("serverTLSBootstrap");
    return bootstrap.is(true)
      ? []
      : [violation(bootstrap, "serving certificates are signed by the kubelets themselves")];
  },
};
