import { own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import type { Field } from "../model/field";
import { each, violation, type Finding, type PodPolicy } from "../model/policy";
import { ofJob } from "./jobs";

/** Finalizers that Kubernetes itself sets and removes. */
const OF_KUBERNETES: ReadonlySet<string> = new Set([
  "foregroundDeletion",
  "orphan",
  "batch.kubernetes.io/job-tracking",
]);

/** A job must be able to end and to be removed. Reads `longestJobSeconds`, `longestGraceSeconds` and `queueing`. */
export const jobEnds: PodPolicy = {
  kind: "pod",
  name: "job-ends",
  title: "A Job can end and be removed",
  why: "A deadline of years is none; a pod with a long grace period holds a node against every drain; an object with a finalizer that no controller removes stays for ever, and so does its namespace.",
  level: "mandatory",
  severity: "medium",
  workload: "batch",
  frameworks: [own("Jobs that never end hold cores and quota")],
  remediation:
    "Set activeDeadlineSeconds to the queue's longest walltime and terminationGracePeriodSeconds to some minutes; remove finalizers, managedBy and suspend.",
  check: (pod, settings) =>
    ofJob(pod, (spec) => [
      ...each([spec.at("activeDeadlineSeconds"), pod.spec.at("activeDeadlineSeconds")], (deadline) =>
        above(deadline, settings.longestJobSeconds),
      ),
      ...each([pod.spec.at("terminationGracePeriodSeconds")], (grace) => above(grace, settings.longestGraceSeconds)),
      ...each([pod.object.root.at("metadata", "finalizers"), pod.metadata.at("finalizers")], (list) =>
        list.items
          .filter((item) => !OF_KUBERNETES.has(item.text ?? ""))
          .map((item) => violation(item, `nothing is known to remove the finalizer ${show(item)}`)),
      ),
      ...each([spec.at("managedBy")], (manager) =>
        !manager.present || manager.is("kubernetes.io/job-controller") || settings.queueing
          ? undefined
          : violation(manager, `Kubernetes leaves the Job to ${show(manager)}`),
      ),
      ...each([spec.at("suspend")], (suspend) =>
        suspend.is(true) && !settings.queueing
          ? violation(suspend, "the Job is suspended, and nothing resumes it")
          : undefined,
      ),
    ]),
};

function above(seconds: Field, most: number): Finding | undefined {
  return (seconds.number ?? 0) > most
    ? violation(seconds, `${show(seconds)} s, and ${most} s is the longest`)
    : undefined;
}
