import { violation, type ObjectPolicy } from "../model/policy";

/** The scheduler's own word on profiling. */
export const schedulerProfilingOff: ObjectPolicy = {
  kind: "object",
  name: "scheduler-profiling-off",
  title: "No profiling by a scheduler with a configuration file",
  why: "With a configuration file the scheduler ignores its flag --profiling, and the file's default is on. The profiler asks for a right, so this is less than an open door.",
  level: "advisory",
  severity: "low",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "1.4.1" }],
  remediation: "Set enableProfiling: false in the KubeSchedulerConfiguration.",
  kinds: ["kubescheduler.config.k8s.io/KubeSchedulerConfiguration"],
  check: ({ root }) => {
    const profiling = root.at("enableProfiling");
    return profiling.is(false) ? [] : [violation(profiling, "the scheduler offers profiles")];
  },
};
