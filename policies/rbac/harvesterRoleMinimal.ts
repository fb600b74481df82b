import type { Field } from "../model/field";
import { isOfKind, type KubernetesObject } from "../model/objects";
import { cautiously, each, violation, type Finding, type ObjectSetPolicy } from "../model/policy";
import type { Settings } from "../model/settings";
import { isNamed } from "./roles";
import { sameSubject, subjectOf } from "./subjects";

/** What Harvester may do at most: its own calls and what a later version may read. `named`: for given names only. */
const TABLE: readonly { group: string; resource: string; verbs: readonly string[]; named?: readonly string[] }[] = [
  { group: "batch", resource: "jobs", verbs: ["create", "get", "list", "watch", "delete", "deletecollection"] },
  { group: "", resource: "pods", verbs: ["get", "list", "watch", "delete"] },
  { group: "", resource: "pods/log", verbs: ["get"] },
  { group: "", resource: "configmaps", verbs: ["create", "get", "delete"], named: ["patch"] },
  { group: "", resource: "secrets", verbs: ["create"], named: ["get", "patch"] },
];

/** Harvester comes from outside with a credential that lies on another machine: it gets what its work takes. */
export const harvesterRoleMinimal: ObjectSetPolicy = {
  kind: "objects",
  name: "harvester-role-minimal",
  title: "Harvester has the rights its work takes, in its namespaces, and no others",
  why: "Harvester's kubeconfig lies outside the site. With more than these rights its loss would be the loss of the cluster and not of one queue.",
  level: "mandatory",
  severity: "high",
  frameworks: [
    {
      framework: "Using Kubernetes as an ATLAS computing site",
      version: "2020",
      control: "only those actions Harvester needs",
    },
  ],
  remediation:
    "Bind Harvester by a RoleBinding to a Role with jobs, pods, configmaps and secrets only (patch by resourceNames); no ClusterRoleBinding.",
  kinds: ["rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"],
  check: (objects, settings) =>
    each(objects, (binding) =>
      isOfKind(binding, harvesterRoleMinimal.kinds)
        ? cautiously(() => judged(binding, objects, settings)).map((finding) => ({ ...finding, subject: binding.id }))
        : undefined,
    ),
};

function judged(
  binding: KubernetesObject,
  objects: readonly KubernetesObject[],
  settings: Settings,
): readonly Finding[] {
  const subjects = binding.root.at("subjects").items.map(subjectOf);
  if (!subjects.some((subject) => settings.harvesters.some((harvester) => sameSubject(harvester, subject)))) {
    return [];
  }
  const ref = binding.root.at("roleRef");
  if (binding.kind === "ClusterRoleBinding") {
    return [violation(ref, "Harvester would have this role in every namespace")];
  }
  const kind = ref.at("kind").text ?? "";
  const name = ref.at("name").text ?? "";
  const namespace = kind === "Role" ? binding.namespace : "";
  const role = objects.find((one) => one.kind === kind && one.name === name && one.namespace === namespace);
  if (role === undefined) {
    return [violation(ref, `the rights of ${kind} "${name}" are not declared here, so nobody can tell what they are`)];
  }
  return each(role.root.at("rules").items, (rule) => excess(rule, role));
}

function excess(rule: Field, role: KubernetesObject): Finding[] {
  const groups = rule.at("apiGroups").texts;
  const found = rule.at("resources").texts.flatMap((resource) =>
    groups.flatMap((group) => {
      const row = TABLE.find((entry) => entry.group === group && entry.resource === resource);
      const within = [...(row?.verbs ?? []), ...(isNamed(rule) ? (row?.named ?? []) : [])];
      const beyond = rule.at("verbs").texts.filter((verb) => !within.includes(verb));
      return beyond.length === 0 ? [] : [`${beyond.join(", ")} on ${resource}`];
    }),
  );
  const urls = rule.at("nonResourceURLs").texts;
  const words = [...found, ...urls.map((url) => `the path ${url}`)];
  return words.length === 0 ? [] : [violation(rule, `${role.kind} ${role.name} also allows ${words.join("; ")}`)];
}
