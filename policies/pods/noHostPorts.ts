import { podSecurity, cis, nsa, kyverno, polaris } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";

/** No container may take a port of the node. */
export const noHostPorts: PodPolicy = {
  kind: "pod",
  name: "no-host-ports",
  title: "No port of the node",
  why: "A port of the node is open past every NetworkPolicy, and two pods that want it never share a node, which strands cores.",
  level: "mandatory",
  severity: "high",
  profile: "baseline",
  frameworks: [
    podSecurity("baseline: hostPorts"),
    cis("5.2.12"),
    nsa("C-0044"),
    kyverno("disallow-host-ports"),
    polaris("hostPortSet"),
  ],
  remediation: "Remove hostPort; reach the pod through a Service.",
  check: (pod) =>
    each(
      containersOf(pod).flatMap((container) => container.at("ports").items.map((port) => ({ container, port }))),
      ({ container, port }) => {
        const host = port.at("hostPort");
        // Zero is what the API server fills in for none.
        return host.present && !host.is(0)
          ? violation(host, `${nameOf(container)} takes port ${show(host)} of the node`)
          : undefined;
      },
    ),
};
