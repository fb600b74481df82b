import { each, violation, type ObjectPolicy } from "../model/policy";
import { BINDING_KINDS } from "./roles";
import { sameSubject, subjectOf, subjectText } from "./subjects";

/** Nobody is cluster-admin but whom the site names. */
export const noClusterAdmin: ObjectPolicy = {
  kind: "object",
  name: "no-cluster-admin",
  title: "Nobody bound to cluster-admin but whom the setting clusterAdmins names",
  why: "Whoever is cluster-admin can undo every other rule of the site; in one namespace it is still every secret there.",
  level: "mandatory",
  severity: "critical",
  frameworks: [
    { framework: "CIS Kubernetes", version: "1.12", control: "5.1.1" },
    { framework: "NSA/Kubescape", version: "2.0.33", control: "C-0035" },
    { framework: "Kyverno", version: "b9c4317", control: "restrict-binding-clusteradmin" },
    { framework: "kube-linter", version: "0.8.3", control: "cluster-admin-role-binding" },
  ],
  remediation: "Bind a role with the rights that are used, or name the subject in the setting clusterAdmins.",
  kinds: BINDING_KINDS,
  check: (binding, settings) => {
    const name = binding.root.at("roleRef", "name");
    if (!name.is("cluster-admin")) {
      return [];
    }
    const subjects = binding.root.at("subjects").items;
    return each(subjects, (field) => {
      const subject = subjectOf(field);
      const named = settings.clusterAdmins.some((admin) => sameSubject(admin, subject));
      return named ? undefined : violation(field, `${subjectText(subject)} would be cluster-admin`);
    });
  },
};
