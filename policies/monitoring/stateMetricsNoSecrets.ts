import { violation, type ObjectPolicy } from "../model/policy";
import { byProgram, flagOf } from "./programs";

/** A counter of objects need not read secrets. */
export const stateMetricsNoSecrets: ObjectPolicy = {
  kind: "object",
  name: "state-metrics-no-secrets",
  title: "kube-state-metrics does not watch secrets",
  why: "It watches secrets of all namespaces by default, and to count them it is sent their content: a pod with a port open to Prometheus then holds every grid proxy.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.1.2" },
    { framework: "atlas-site", version: "1", control: "exact rights for monitoring" },
  ],
  remediation: "Set --resources to the list that is used, without secrets; or --namespaces to one namespace.",
  kinds: ["apps/Deployment", "apps/StatefulSet"],
  check: (object, settings) =>
    byProgram(object, settings, "kube-state-metrics", (container) => {
      if (flagOf(container, "namespaces") !== undefined) {
        return { notApplicable: "it looks at named namespaces only" };
      }
      const flag = flagOf(container, "resources");
      const watched = flag?.value.split(",") ?? ["secrets"];
      return watched.includes("secrets") ? [violation(flag?.at ?? container, "it watches secrets everywhere")] : [];
    }),
};
