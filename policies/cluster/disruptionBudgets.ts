import { isOfKind } from "../model/objects";
import { cautiously, each, violation, type ObjectSetPolicy } from "../model/policy";
import { labelsOf, selects } from "../namespaces/selectors";

const KINDS = ["apps/Deployment", "apps/StatefulSet"] as const;

/** Draining nodes never takes all copies of a service at once. */
export const disruptionBudgets: ObjectSetPolicy = {
  kind: "objects",
  name: "disruption-budgets",
  title: "Every service with two or more copies has a PodDisruptionBudget",
  why: "Draining two nodes for an upgrade may evict both squids at the same moment, and every job then goes to the stratum ones or fails.",
  level: "advisory",
  severity: "low",
  frameworks: [
    { framework: "Polaris", version: "10.2.2", control: "missingPodDisruptionBudget" },
    { framework: "kube-linter", version: "0.8.3", control: "pdb-max-unavailable" },
  ],
  remediation: "Declare a PodDisruptionBudget whose selector picks the pods, with maxUnavailable 1.",
  kinds: KINDS,
  check: (objects) => {
    const budgets = objects.filter((object) => isOfKind(object, ["policy/PodDisruptionBudget"]));
    return each(objects, (object) => {
      if (!isOfKind(object, KINDS)) {
        return undefined;
      }
      const found = cautiously(() => {
        const labels = labelsOf(object.root.at("spec", "template", "metadata"));
        const alone = (object.root.at("spec", "replicas").number ?? 1) < 2;
        const budgeted = budgets.some(
          (budget) => budget.namespace === object.namespace && selects(budget.root.at("spec", "selector"), labels),
        );
        return alone || budgeted ? undefined : violation(object.root, "no PodDisruptionBudget picks its pods");
      });
      return found.map((finding) => ({ ...finding, subject: object.id }));
    });
  },
};
