import { each, violation, type ObjectPolicy } from "../model/policy";
import { BINDING_KINDS } from "./roles";

const FORBIDDEN = ["system:anonymous", "system:unauthenticated", "system:authenticated", "system:masters"];

/** No right for people without a name, none for everybody with one, and none for the group that no rule holds. */
export const noSystemSubjects: ObjectPolicy = {
  kind: "object",
  name: "no-system-subjects",
  title: "No right for anonymous clients, for everybody who has an account, or for system:masters",
  why: "What anonymous clients may do anybody in the network may do, and system:authenticated is every pod with a token; members of system:masters pass by authorization, so their rights cannot be taken back.",
  level: "mandatory",
  severity: "critical",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.1.7" },
    { framework: "kubesec", version: "2.14.2", control: "BindingsToSystemAnonymous" },
    { framework: "Kyverno", version: "b9c4317", control: "restrict-binding-system-groups" },
  ],
  remediation: "Bind the role to a user, a group of the site's own or a ServiceAccount.",
  kinds: BINDING_KINDS,
  check: (binding) =>
    each(binding.root.at("subjects").items, (subject) => {
      const name = subject.at("name");
      return FORBIDDEN.includes(name.text ?? "") ? violation(name, `the binding is for ${name.text}`) : undefined;
    }),
};
