import { own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { ofJob } from "./jobs";

/** A job must have one pod, since quotas and Harvester count Jobs. */
export const onePodPerJob: PodPolicy = {
  kind: "pod",
  name: "one-pod-per-job",
  title: "A Job is one pod",
  why: "A queue's quota counts Jobs, and Harvester takes the last pod of a Job for its only one. One Job with parallelism 150 starts 150 pods that neither has counted.",
  level: "mandatory",
  severity: "medium",
  workload: "batch",
  frameworks: [own("Harvester: one pod for each worker; quota count/jobs.batch")],
  remediation: "Leave spec.parallelism and spec.completions out, or set both to 1; submit one Job for each pod.",
  check: (pod) =>
    ofJob(pod, (spec) =>
      each(["parallelism", "completions"], (key) => {
        const number = spec.at(key);
        return !number.present || number.is(1) ? undefined : violation(number, `${key} is ${show(number)}`);
      }),
    ),
};
