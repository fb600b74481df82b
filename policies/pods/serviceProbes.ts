import { nsa, kubeLinter, polaris } from "../model/frameworks";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";

const LASTING: ReadonlySet<string> = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
]);

/** Containers of services should have probes. */
export const serviceProbes: PodPolicy = {
  kind: "pod",
  name: "service-probes",
  title: "Services say whether they work",
  why: "Without a readiness probe a Service sends clients to a process that is still starting, and without a liveness probe a hung one is never restarted.",
  level: "advisory",
  severity: "low",
  frameworks: [
    polaris("readinessProbeMissing, livenessProbeMissing"),
    kubeLinter("no-readiness-probe, no-liveness-probe"),
    nsa("C-0018, C-0056"),
  ],
  remediation: "Give every container a readinessProbe and a livenessProbe.",
  check: (pod) =>
    LASTING.has(pod.object.kind)
      ? each(containersOf(pod, ["containers"]), (container) =>
          each(["readinessProbe", "livenessProbe"], (name) => {
            const probe = container.at(name);
            return probe.present ? undefined : violation(probe, `${nameOf(container)} has no ${name}`);
          }),
        )
      : notApplicable("pods that end need no probes"),
};
