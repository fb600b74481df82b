import { own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { containersOf, nameOf } from "../model/pods";
import { each, violation, type PodPolicy } from "../model/policy";
import { coresOf } from "./quantities";

/** A batch pod must be one that the API server and the scheduler can start. Reads `runtimeClasses`, `flavors` and `queueing`. */
export const podCanStart: PodPolicy = {
  kind: "pod",
  name: "pod-can-start",
  title: "A batch pod can start at this site",
  why: "The API server accepts a Job whose pod it then refuses, or that fits no node: Harvester sees a worker that stays submitted, and the queue's quota counts it.",
  level: "mandatory",
  severity: "medium",
  workload: "batch",
  frameworks: [own("Jobs whose pod can never be made")],
  remediation:
    "Name a priority class instead of a priority, a RuntimeClass of the site or none, no scheduling gate, and no more cores than a machine of the site has.",
  check: (pod, settings) => [
    // In a pod that exists, the API server has filled the number in.
    ...each([pod.spec.at("priority")], (priority) =>
      priority.present && pod.object.kind !== "Pod"
        ? violation(priority, `priority ${show(priority)} is refused unless it is its class's own number`)
        : undefined,
    ),
    ...each([pod.spec.at("runtimeClassName")], (name) =>
      !name.present || name.is("") || settings.runtimeClasses.includes(name.text ?? "")
        ? undefined
        : violation(name, `no RuntimeClass ${show(name)}; there are [${settings.runtimeClasses.join(", ")}]`),
    ),
    ...each([pod.spec.at("schedulingGates")], (gates) =>
      gates.items.length === 0 || settings.queueing
        ? undefined
        : violation(gates, "the scheduler waits until the gates are removed, and nothing removes them"),
    ),
    ...each(containersOf(pod, ["containers"]), (container) => {
      const cpu = container.at("resources", "requests", "cpu");
      const most = Math.max(...Object.values(settings.flavors).map(({ vcpus }) => vcpus));
      const cores = coresOf(cpu);
      return Number.isFinite(most) && cores !== undefined && cores > most
        ? violation(cpu, `${nameOf(container)} requests ${cores} cores, and the largest machine has ${most}`)
        : undefined;
    }),
  ],
};
