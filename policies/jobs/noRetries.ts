import { own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";
import { ofJob } from "./jobs";

/** A job must not be tried again by Kubernetes. */
export const noRetries: PodPolicy = {
  kind: "pod",
  name: "no-retries",
  title: "A pilot runs once",
  why: "Harvester counts one pod for each job, and PanDA retries: a second pilot under the same worker would be counted as the first, or not at all.",
  level: "mandatory",
  severity: "medium",
  workload: "batch",
  frameworks: [own("Harvester: one pod for each worker")],
  remediation: "Set spec.backoffLimit: 0 and spec.template.spec.restartPolicy: Never.",
  check: (pod) =>
    ofJob(pod, (spec) => [
      ...each([spec.at("backoffLimit")], (limit) =>
        limit.is(0)
          ? undefined
          : violation(limit, `backoffLimit is ${limit.present ? show(limit) : "6, since nothing is said"}`),
      ),
      ...each([pod.spec.at("restartPolicy")], (policy) =>
        policy.is("Never") ? undefined : violation(policy, `restartPolicy is ${show(policy)}`),
      ),
    ]),
};
