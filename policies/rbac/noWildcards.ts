import { each, violation, type ObjectPolicy } from "../model/policy";
import { ROLE_KINDS } from "./roles";

/** No role may speak of "everything". */
export const noWildcards: ObjectPolicy = {
  kind: "object",
  name: "no-wildcards",
  title: "No wildcard in a role",
  why: "A wildcard also allows what does not exist yet: every resource and verb that an upgrade or a new API brings.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.1.3" },
    { framework: "Kyverno", version: "b9c4317", control: "restrict-wildcard-verbs, restrict-wildcard-resources" },
    { framework: "kube-linter", version: "0.8.3", control: "wildcard-in-rules" },
  ],
  remediation: "Name each API group, resource and verb that the client uses.",
  kinds: ROLE_KINDS,
  check: (role) =>
    each(role.root.at("rules").items, (rule) =>
      each(["apiGroups", "resources", "verbs", "nonResourceURLs"], (part) =>
        rule.at(part).items.flatMap((item) => {
          const text = item.text;
          // "*/scale" is one subresource of everything; a path may end in a wildcard, but not be one.
          const wild = text === "*" || text === "/*" || (part === "resources" && text?.includes("*") === true);
          return wild ? [violation(item, `${part} has "${text}"`)] : [];
        }),
      ),
    ),
};
