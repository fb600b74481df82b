import { violation, type ObjectPolicy } from "../model/policy";

/** Forgetting the profile does not mean going without. */
export const kubeletSeccompDefault: ObjectPolicy = {
  kind: "object",
  name: "kubelet-seccomp-default",
  title: "Containers without a seccomp profile get the runtime's",
  why: "Without it a pod that names no profile runs unconfined, with every system call of the kernel open to the payload.",
  level: "mandatory",
  severity: "medium",
  frameworks: [
    { framework: "Pod Security Standards", version: "1.36", control: "restricted: seccomp" },
    { framework: "CIS Kubernetes", version: "1.12", control: "5.6.2" },
  ],
  remediation: "Set seccompDefault: true.",
  kinds: ["kubelet.config.k8s.io/KubeletConfiguration"],
  check: ({ root }) => {
    const profile = root.at("seccompDefault");
    return profile.is(true) ? [] : [violation(profile, "containers that name no profile run unconfined")];
  },
};
