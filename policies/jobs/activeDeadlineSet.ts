import { kyverno } from "../model/frameworks";
import { each, violation, type PodPolicy } from "../model/policy";
import { ofJob } from "./jobs";

/** A job should have a deadline. */
export const activeDeadlineSet: PodPolicy = {
  kind: "pod",
  name: "active-deadline-set",
  title: "A job ends some day",
  why: "A hung job keeps its cores until somebody looks.",
  level: "advisory",
  severity: "low",
  workload: "batch",
  frameworks: [kyverno("enforce-pod-duration")],
  remediation: "Set spec.activeDeadlineSeconds to the queue's longest walltime and a margin.",
  check: (pod) =>
    ofJob(pod, (spec) =>
      each([spec.at("activeDeadlineSeconds")], (deadline) =>
        deadline.present || pod.spec.at("activeDeadlineSeconds").present
          ? undefined
          : violation(deadline, "the job has no deadline"),
      ),
    ),
};
