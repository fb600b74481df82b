/** What policies on jobs have in common. */
import type { Field } from "../model/field";
import type { Pod } from "../model/pods";
import { notApplicable, type Answer } from "../model/policy";

/** Answer of a question about the Job a pod is made by. */
export function ofJob(pod: Pod, ask: (spec: Field) => Answer): Answer {
  return pod.object.kind === "Job" ? ask(pod.object.root.at("spec")) : notApplicable("the pod is not made by a Job");
}
