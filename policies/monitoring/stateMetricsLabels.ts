import { notApplicable, violation, type ObjectPolicy } from "../model/policy";
import { byProgram, flagOf } from "./programs";

/** Labels that Harvester gives its pods. */
const HARVESTER_LABELS = ["resourceType", "prodSourceLabel", "pq"];

/** Metrics can be told by queue and kind of job. */
export const stateMetricsLabels: ObjectPolicy = {
  kind: "object",
  name: "state-metrics-labels",
  title: "kube-state-metrics shows the three labels that Harvester gives its pods",
  why: "By default it shows no label: then no rule and no dashboard can tell production from analysis, or one queue from another.",
  level: "advisory",
  severity: "low",
  frameworks: [{ framework: "atlas-site", version: "1", control: "metrics by queue" }],
  remediation: `Set --metric-labels-allowlist=pods=[${HARVESTER_LABELS.join(",")}].`,
  kinds: ["apps/Deployment", "apps/StatefulSet"],
  check: (object, settings) =>
    byProgram(object, settings, "kube-state-metrics", (container) => {
      const resources = flagOf(container, "resources")?.value.split(",");
      if (resources !== undefined && !resources.includes("pods")) {
        return notApplicable("it watches no pods");
      }
      const flag = flagOf(container, "metric-labels-allowlist");
      const shown = /(?:^|,)pods=\[([^\]]*)\]/.exec(flag?.value ?? "")?.[1]?.split(",") ?? [];
      const lacking = HARVESTER_LABELS.filter((label) => !shown.includes(label) && !shown.includes("*"));
      return lacking.length === 0 ? [] : [violation(flag?.at ?? container, `it does not show ${lacking.join(", ")}`)];
    }),
};
