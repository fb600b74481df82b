import { own } from "../model/frameworks";
import { show } from "../model/podSecurity";
import { each, violation, type PodPolicy } from "../model/policy";

/** A pod may name only schedulers of the site. Reads `schedulers`. */
export const schedulerNameKnown: PodPolicy = {
  kind: "pod",
  name: "scheduler-name-known",
  title: "A scheduler that exists",
  why: "A pod for a scheduler that nobody runs stays pending for ever, without an event that says why.",
  level: "mandatory",
  severity: "medium",
  frameworks: [own("schedulers of the site")],
  remediation: "Remove schedulerName, or name one of the pack's `schedulers`.",
  check: (pod, settings) =>
    each([pod.spec.at("schedulerName")], (name) =>
      !name.present || settings.schedulers.includes(name.text ?? "")
        ? undefined
        : violation(name, `no scheduler ${show(name)}; there are [${settings.schedulers.join(", ")}]`),
    ),
};
