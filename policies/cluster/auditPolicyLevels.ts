import type { Field } from "../model/field";
import { violation, type Finding, type ObjectPolicy } from "../model/policy";

const WITH_CONTENT = ["Request", "RequestResponse"];
/** What narrows a rule to some requests only. */
const CONDITIONS = ["users", "userGroups", "verbs", "namespaces"];

/** The audit log tells who did what, and holds no secret itself. */
export const auditPolicyLevels: ObjectPolicy = {
  kind: "object",
  name: "audit-policy-levels",
  title: "The audit policy logs every change at least at level Metadata, and secrets at no more",
  why: "A log with the content of secrets is a second place to steal grid proxies from; one with holes cannot trace a job.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "3.2.1, 3.2.2" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0067" },
  ],
  remediation:
    "Let the last rule be level Metadata without conditions, and put one for secrets and configmaps before any rule with Request.",
  kinds: ["audit.k8s.io/Policy"],
  check: ({ root }) => {
    const rules = root.at("rules");
    const last = rules.items.find(isForAll);
    const unlogged = last === undefined || last.at("level").is("None");
    return [
      ...(unlogged ? [violation(rules, "requests that no rule names are not logged")] : []),
      ...contentOfSecrets(rules.items),
    ];
  },
};

function isUnconditional(rule: Field): boolean {
  return CONDITIONS.every((condition) => rule.at(condition).items.length === 0);
}

function isForAll(rule: Field): boolean {
  return (
    isUnconditional(rule) && rule.at("resources").items.length === 0 && rule.at("nonResourceURLs").items.length === 0
  );
}

/** Whether a rule is about secrets, or config maps, which hold job scripts and sometimes tokens. */
function isAboutSecrets(rule: Field, resource: string): boolean {
  const groups = rule.at("resources").items;
  if (groups.length === 0) {
    return rule.at("nonResourceURLs").items.length === 0;
  }
  return groups.some((group) => {
    const names = group.at("resources").texts;
    return (
      (group.at("group").text ?? "") === "" && (names.length === 0 || names.includes(resource) || names.includes("*"))
    );
  });
}

/** The first rule that matches a request decides: those with content count only while none has decided before. */
function contentOfSecrets(rules: readonly Field[]): Finding[] {
  return ["secrets", "configmaps"].flatMap((resource) => {
    const about = rules.filter((rule) => isAboutSecrets(rule, resource));
    const decided = about.findIndex((rule) => isUnconditional(rule));
    const reached = decided < 0 ? about : about.slice(0, decided + 1);
    return reached
      .filter((rule) => WITH_CONTENT.includes(rule.at("level").text ?? ""))
      .map((rule) => violation(rule.at("level"), `the content of ${resource} is logged (${rule.at("level").text})`));
  });
}
