import { parse } from "yaml";
import { Field } from "../model/field";
import type { KubernetesObject } from "../model/objects";
import { cautiously, each, notApplicable, violation, type ObjectPolicy } from "../model/policy";

/** Who is woken up knows how bad it is and what to do. */
export const alertsRouted: ObjectPolicy = {
  kind: "object",
  name: "alerts-routed",
  title: "Every alert has a severity and a runbook",
  why: "Alertmanager sends by severity: one without goes nowhere or everywhere. An alert without a runbook is a riddle at night.",
  level: "advisory",
  severity: "low",
  frameworks: [{ framework: "kube-prometheus", version: "0.16", control: "severity and runbook_url on every alert" }],
  remediation: "Give the rule labels.severity and annotations.runbook_url.",
  kinds: ["monitoring.coreos.com/PrometheusRule", "ConfigMap"],
  check: (object) => {
    const alerts = ruleFiles(object).flatMap((file) => file.at("groups").items.flatMap((group) => alertsOf(group)));
    if (alerts.length === 0) {
      return notApplicable("there is no alert in it");
    }
    return each(alerts, (alert) =>
      cautiously(() => {
        const lacking = [
          ...(alert.at("labels", "severity").present ? [] : ["labels.severity"]),
          ...(alert.at("annotations", "runbook_url").present ? [] : ["annotations.runbook_url"]),
        ];
        const name = alert.at("alert").text ?? "";
        return lacking.length === 0 ? undefined : violation(alert, `alert ${name} has no ${lacking.join(" and no ")}`);
      }),
    );
  },
};

function alertsOf(group: Field): Field[] {
  return group.at("rules").items.filter((rule) => rule.at("alert").present);
}

/** A rule object is a rule file; a ConfigMap may hold some as text. */
function ruleFiles({ kind, root }: KubernetesObject): Field[] {
  if (kind === "PrometheusRule") {
    return [root.at("spec")];
  }
  return root.at("data").entries.flatMap(([, field]) => {
    const text = field.text ?? "";
    if (!/^\s*-?\s*"?alert"?:/m.test(text)) {
      return [];
    }
    try {
      return [new Field(parse(text, { logLevel: "silent" }), field.path)];
    } catch {
      // No YAML, so no rule file.
      return [];
    }
  });
}
