import { violation, type ObjectPolicy } from "../model/policy";

/** What the image says about the kernel holds. */
export const kubeletKernelDefaults: ObjectPolicy = {
  kind: "object",
  name: "kubelet-kernel-defaults",
  title: "Kubelets do not change kernel settings",
  why: "A kubelet that finds other settings than it wants changes them silently, so that what the image's author hardened is soft again.",
  level: "advisory",
  severity: "low",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "4.2.6" }],
  remediation:
    "Set protectKernelDefaults: true, and vm.overcommit_memory=1, kernel.panic=10, kernel.panic_on_oops=1 in the machine image.",
  kinds: ["kubelet.config.k8s.io/KubeletConfiguration"],
  check: ({ root }) => {
    const protect = root.at("protectKernelDefaults");
    return protect.is(true) ? [] : [violation(protect, "the kubelet changes kernel settings to its liking")];
  },
};
