import type { Field } from "../model/field";
import { podSecurity } from "../model/frameworks";
import { atLeast, show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";

const CALLERS = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
];

function hostsOf(container: Field) {
  return CALLERS.flatMap((caller) =>
    ["httpGet", "tcpSocket"].map((call) => ({ of: nameOf(container), host: container.at(...caller, call, "host") })),
  );
}

/** Probes and lifecycle hooks may not name a host. */
export const noProbeHost: PodPolicy = {
  kind: "pod",
  name: "no-probe-host",
  title: "No probe or hook of another host",
  why: "The kubelet makes these calls from the node's network: with a host of one's choice, a pod reaches what no NetworkPolicy lets it reach.",
  level: "mandatory",
  severity: "high",
  profile: "baseline",
  frameworks: [podSecurity("baseline: hostProbesAndHostLifecycle")],
  remediation: "Remove the host field: without it, the pod itself is asked.",
  check: (pod, settings) =>
    atLeast(settings, 34)
      ? each(containersOf(pod).flatMap(hostsOf), ({ of, host }) =>
          !host.present || host.is("") ? undefined : violation(host, `${of} makes the node call ${show(host)}`),
        )
      : notApplicable("the standards look at it since 1.34"),
};
