import { podSecurity, cis, nsa, kyverno, kubeLinter, polaris, kubesec } from "../model/frameworks";
import { each, violation, type PodPolicy } from "../model/policy";

const NAMESPACES = ["hostNetwork", "hostPID", "hostIPC"] as const;

/** No pod may share a namespace of its node. */
export const noHostNamespaces: PodPolicy = {
  kind: "pod",
  name: "no-host-namespaces",
  title: "No pod in the node's network, process or IPC namespace",
  why: "In the node's network a pod passes by every NetworkPolicy and reaches the metadata service; in its process namespace it sees, and may signal, other jobs.",
  level: "mandatory",
  severity: "high",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: hostNamespaces"),
    cis("5.2.3, 5.2.4, 5.2.5"),
    nsa("C-0038, C-0041"),
    kyverno("disallow-host-namespaces"),
    kubeLinter("host-network, host-pid, host-ipc"),
    polaris("hostNetworkSet, hostPIDSet, hostIPCSet"),
    kubesec("HostNetwork, HostPID, HostIPC"),
  ],
  remediation: "Remove hostNetwork, hostPID and hostIPC from the pod's spec.",
  check: (pod) =>
    each(NAMESPACES, (name) => {
      const field = pod.spec.at(name);
      return field.is(true) ? violation(field, `${name} is true`) : undefined;
    }),
};
