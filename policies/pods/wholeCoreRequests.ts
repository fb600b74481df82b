import { own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, notApplicable, type PodPolicy } from "../model/policy";

/** A batch container should request whole cores. */
export const wholeCoreRequests: PodPolicy = {
  kind: "pod",
  name: "whole-core-requests",
  title: "Jobs request whole cores",
  why: "Jobs come in whole cores; a request of 1.5 leaves half a core that no job fits.",
  level: "advisory",
  severity: "low",
  workload: "batch",
  frameworks: [own("packing: cores stranded by fractions")],
  remediation: "Request a whole number of cores.",
  check: (pod) => {
    const requests = containersOf(pod, ["containers"]).map((container) => ({
      container,
      cpu: container.at("resources", "requests", "cpu"),
    }));
    return requests.every(({ cpu }) => cpu.known && !cpu.present)
      ? notApplicable("no container requests CPU")
      : each(requests, ({ container, cpu }) => {
          const milli = /^(?<number>\d+)(?<unit>m?)$/.exec(String(cpu.value ?? 0))?.groups;
          const whole = milli !== undefined && (milli.unit === "" || Number(milli.number) % 1000 === 0);
          return whole ? undefined : violation(cpu, `${nameOf(container)} requests ${show(cpu)} cores`);
        });
  },
};
