import { cautiously, each, violation, type ObjectPolicy } from "../model/policy";
import { FLAG_KINDS, flagsOf, type Component } from "./flags";

const COMPONENTS: readonly Component[] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

/** The control plane offers no profiler. */
export const profilingOff: ObjectPolicy = {
  kind: "object",
  name: "profiling-off",
  title: "No profiling by API server, controller manager and scheduler",
  why: "Profiles show memory of the process, secrets in it, and taking one costs the control plane a core.",
  level: "mandatory",
  severity: "low",
  frameworks: [{ framework: "CIS Kubernetes", version: "1.12", control: "1.2.15, 1.3.2, 1.4.1" }],
  remediation: "Set profiling=false; for a scheduler with a configuration file, enableProfiling: false there.",
  kinds: FLAG_KINDS,
  check: (object, settings) => {
    const found = COMPONENTS.map((component) => ({ component, flags: flagsOf(object, component, settings) }));
    if (found.every(({ flags }) => flags === undefined)) {
      return { notApplicable: "this runs no part of the control plane" };
    }
    return each(found, ({ component, flags }) =>
      cautiously(() => {
        // A scheduler with a configuration file does not look at the flag.
        const elsewhere = component === "kube-scheduler" && flags?.get("config") !== undefined;
        const profiling = flags?.get("profiling");
        return flags === undefined || elsewhere || profiling?.value === "false"
          ? undefined
          : violation(profiling?.at ?? flags.place, `${component} offers profiles`);
      }),
    );
  },
};
