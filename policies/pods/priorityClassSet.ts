import { kubeLinter, polaris } from "../model/frameworks";
import { each, violation, type PodPolicy } from "../model/policy";

/** Every pod must have a priority class; for infrastructure it is advice. */
export const priorityClassSet: PodPolicy = {
  kind: "pod",
  name: "priority-class-set",
  title: "A priority for every pod",
  why: "Without one, payload and services are equals when a node is full, and the scheduler may evict a squid for a job.",
  level: { batch: "mandatory", infrastructure: "advisory" },
  severity: "medium",
  frameworks: [kubeLinter("priority-class-name"), polaris("priorityClassNotSet")],
  remediation: "Set priorityClassName to a class of the site.",
  check: (pod) =>
    each([pod.spec.at("priorityClassName")], (name) =>
      (name.text ?? "") === "" ? violation(name, "the pod has no priority class") : undefined,
    ),
};
