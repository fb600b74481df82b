import { each, notApplicable, type StackPolicy } from "../model/policy";

/** A stack consists of what the site is made of. */
export const knownTypes: StackPolicy = {
  kind: "stack",
  name: "known-types",
  title: "A stack holds only types of resources a site is made of (setting resourceTypes)",
  why: "A resource of another provider is judged by no policy, needs credentials nobody has planned for, and came in with a change nobody looked at.",
  level: "mandatory",
  severity: "medium",
  frameworks: [{ framework: "atlas-site", version: "1", control: "no unknown resource types" }],
  remediation: "Remove the resource, or add its type's prefix to the setting resourceTypes.",
  check: (resources, settings) => {
    if (resources.length === 0) {
      return notApplicable("the stack is empty");
    }
    return each(resources, ({ urn, type }) => {
      const known = settings.resourceTypes.some((prefix) => type.startsWith(prefix));
      return known ? undefined : { path: "", message: `its type is ${type}`, subject: urn };
    });
  },
};
