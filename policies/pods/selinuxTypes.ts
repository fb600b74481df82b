import { podSecurity, nsa, kyverno } from "../model/frameworks";
import { securityContexts, show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

/** container_engine_t came with 1.31, before the oldest version the pack knows. */
const TYPES: ReadonlySet<unknown> = new Set([
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);

/** SELinux options may name a container type and nothing else. */
export const selinuxTypes: PodPolicy = {
  kind: "pod",
  name: "selinux-types",
  title: "SELinux types for containers only",
  why: "A type such as spc_t, or a user or role of one's choice, lets a container act as a process of the node.",
  level: "mandatory",
  severity: "high",
  profile: "baseline",
  frameworks: [podSecurity("baseline: seLinuxOptions"), kyverno("disallow-selinux, restrict-selinux"), nsa("C-0055")],
  remediation: "Remove seLinuxOptions.user and .role; use a container type, or none.",
  check: (pod) =>
    each(
      securityContexts(pod).flatMap(({ of, context }) =>
        ["type", "user", "role"].map((key) => ({ of, key, value: context.at("seLinuxOptions", key) })),
      ),
      ({ of, key, value }) =>
        !value.present || value.is("") || (key === "type" && TYPES.has(value.value))
          ? undefined
          : violation(value, `${of} has SELinux ${key} ${show(value)}`),
    ),
};
