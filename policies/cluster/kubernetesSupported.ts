import { notApplicable, violation, type ObjectPolicy } from "../model/policy";

/** The cluster's version still gets security fixes. */
export const kubernetesSupported: ObjectPolicy = {
  kind: "object",
  name: "kubernetes-supported",
  title: "The cluster's Kubernetes version is a fixed one that is still supported (setting endOfLife)",
  why: "After its last day a version gets no security fix; a name like stable is another version at each machine's first boot.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "support dates of kubernetes.io/releases" }],
  remediation:
    "Set a supported version (`cluster.kubernetes` in the stack file) and rebuild, or upgrade, the machines.",
  kinds: ["kubeadm.k8s.io/ClusterConfiguration"],
  check: ({ root }, settings) => {
    const field = root.at("kubernetesVersion");
    const minor = /^v?(\d+\.\d+)\.\d+/.exec(field.text ?? "")?.[1];
    if (minor === undefined) {
      return [violation(field, `"${field.text ?? ""}" is no fixed version`)];
    }
    const end = settings.endOfLife[minor];
    if (end === undefined || settings.today === "") {
      return notApplicable(end === undefined ? `the last day of ${minor} is not known` : "the day is not known");
    }
    return settings.today > end ? [violation(field, `support of ${minor} ended on ${end}`)] : [];
  },
};
