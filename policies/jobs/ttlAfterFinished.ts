import { kubeLinter, own } from "../model/frameworks";
import { each, violation, type PodPolicy } from "../model/policy";
import { ofJob } from "./jobs";

/** A job must be removed some time after it ends. Reads `longestTtlSeconds`. */
export const ttlAfterFinished: PodPolicy = {
  kind: "pod",
  name: "ttl-after-finished",
  title: "Finished jobs go by themselves",
  why: "Finished jobs that stay slow down every list of pods, Harvester's too, until the pod garbage collector takes those that accounting has not seen.",
  level: "mandatory",
  severity: "medium",
  workload: "batch",
  frameworks: [kubeLinter("job-ttl-seconds-after-finished"), own("size of a namespace; retention for accounting")],
  remediation: "Set spec.ttlSecondsAfterFinished, at most the pack's `longestTtlSeconds`.",
  check: (pod, settings) =>
    ofJob(pod, (spec) =>
      each([spec.at("ttlSecondsAfterFinished")], (ttl) => {
        if (ttl.number === undefined) {
          return violation(ttl, "the job stays for ever");
        }
        return ttl.number <= settings.longestTtlSeconds
          ? undefined
          : violation(ttl, `the job stays ${ttl.number} s, and ${settings.longestTtlSeconds} s is the longest`);
      }),
    ),
};
