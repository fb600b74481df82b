import { own } from "../model/frameworks";
import { type KubernetesObject, isOfKind } from "../model/objects";
import { violation, type ObjectSetPolicy } from "../model/policy";

const MUTATIONS = ["MutatingAdmissionPolicy", "MutatingWebhookConfiguration"];

function touchesJobs({ root }: KubernetesObject): boolean {
  const rules = [
    ...root.at("spec", "matchConstraints", "resourceRules").items,
    ...root.at("webhooks").items.flatMap((webhook) => webhook.at("rules").items),
  ];
  return rules.some(
    (rule) =>
      rule.at("resources").texts.some((resource) => resource === "jobs" || resource === "*" || resource === "*/*") &&
      rule.at("apiGroups").texts.some((group) => group === "batch" || group === "*"),
  );
}

/** Where something changes Jobs on their way in, something must write their label job-name. */
export const jobNameLabelKept: ObjectSetPolicy = {
  kind: "objects",
  kinds: MUTATIONS,
  name: "job-name-label-kept",
  title: "Jobs keep the label Harvester finds them by",
  why: "Harvester looks for jobs by the label job-name on the Job itself. The API server writes it only on a Job without labels of its own: once a mutation adds one, Harvester finds no job and cancels every waiting worker.",
  level: "mandatory",
  severity: "high",
  frameworks: [own("Harvester 0.7.5: jobs by label")],
  remediation: 'Let a MutatingAdmissionPolicy set metadata.labels["job-name"] on Jobs as well.',
  check: (objects) => {
    const mutating = objects.filter((object) => isOfKind(object, MUTATIONS) && touchesJobs(object));
    const kept = mutating.some(
      ({ root, kind }) =>
        kind === "MutatingAdmissionPolicy" &&
        root
          .at("spec", "mutations")
          .items.some((mutation) =>
            ["applyConfiguration", "jsonPatch"].some((form) =>
              (mutation.at(form, "expression").text ?? "").includes("job-name"),
            ),
          ),
    );
    return kept
      ? []
      : mutating.map(({ id, root }) => ({
          ...violation(root.at("metadata", "name"), "it changes Jobs, and nothing writes their label job-name"),
          subject: id,
        }));
  },
};
