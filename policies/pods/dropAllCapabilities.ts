import { podSecurity, cis, nsa, kyverno, polaris, kubesec } from "../model/frameworks";
import { isWindows, show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";

/** Every container must drop all capabilities; NET_BIND_SERVICE alone may come back. */
export const dropAllCapabilities: PodPolicy = {
  kind: "pod",
  name: "drop-all-capabilities",
  title: "Every capability dropped",
  why: "A container starts with fourteen capabilities that payload never uses, raw sockets and ownership changes among them.",
  level: { batch: "mandatory", infrastructure: "advisory" },
  severity: "medium",
  profile: "restricted",
  frameworks: [
    podSecurity("restricted: capabilities_restricted"),
    cis("5.2.8, 5.2.9, 5.2.10"),
    nsa("C-0055"),
    kyverno("disallow-capabilities-strict, require-drop-all"),
    polaris("insecureCapabilities"),
    kubesec("CapDropAll"),
  ],
  remediation:
    'Set securityContext.capabilities.drop to ["ALL"] on the container, and add back NET_BIND_SERVICE at most.',
  check: (pod) =>
    isWindows(pod)
      ? notApplicable("Windows has no capabilities")
      : each(containersOf(pod), (container) => {
          const capabilities = container.at("securityContext", "capabilities");
          const drop = capabilities.at("drop");
          const dropped = drop.items.some((capability) => capability.is("ALL"));
          return [
            ...(dropped ? [] : [violation(drop, `${nameOf(container)} does not drop ALL`)]),
            ...each(capabilities.at("add").items, (capability) =>
              capability.is("NET_BIND_SERVICE")
                ? undefined
                : violation(capability, `${nameOf(container)} adds ${show(capability)}`),
            ),
          ];
        }),
};
