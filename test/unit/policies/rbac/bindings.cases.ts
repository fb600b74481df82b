import { harvesterRoleMinimal } from "../../../../policies/rbac/harvesterRoleMinimal";
import { noClusterAdmin } from "../../../../policies/rbac/noClusterAdmin";
import { noSystemSubjects } from "../../../../policies/rbac/noSystemSubjects";
import type { Settings } from "../../../../policies/model/settings";
import type { PolicyCases } from "../policyCases";

const HARVESTER = "{ kind: User, name: 'atlas-site:harvester' }";

function binding(subjects: string, role = "view", kind = "ClusterRoleBinding", refKind = "ClusterRole"): string {
  const metadata = kind === "RoleBinding" ? "{ name: b, namespace: queue }" : "{ name: b }";
  const ref = `{ apiGroup: rbac.authorization.k8s.io, kind: ${refKind}, name: ${role} }`;
  return `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: ${metadata}\nroleRef: ${ref}\nsubjects: ${subjects}\n`;
}

function harvesterRole(rules: string): string {
  const role = `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: harvester, namespace: queue }\nrules:\n${rules}`;
  return `${role}---\n${binding(`[${HARVESTER}]`, "harvester", "RoleBinding", "Role")}`;
}

/** The smallest Role that Harvester works with. */
const SMALLEST = `
  - { apiGroups: [batch], resources: [jobs], verbs: [create, list, delete] }
  - { apiGroups: [""], resources: [pods], verbs: [list, delete] }
  - { apiGroups: [""], resources: [configmaps], verbs: [create, delete] }
  - { apiGroups: [""], resources: [configmaps], verbs: [patch], resourceNames: [pilots-starter] }
  - { apiGroups: [""], resources: [secrets], verbs: [create] }
  - { apiGroups: [""], resources: [secrets], verbs: [patch], resourceNames: [proxy-secret] }
`;

const SERVICE = "apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: ns }\n";
const account: Partial<Settings> = {
  harvesters: [{ kind: "ServiceAccount", name: "harvester", namespace: "service" }],
};

/** Cases of the policies on who has a role. */
export const cases: readonly PolicyCases[] = [
  {
    policy: noClusterAdmin,
    pass: {
      "another role": binding("[{ kind: User, name: somebody }]"),
      "whom the site names": {
        given: binding("[{ kind: Group, name: admins }]", "cluster-admin"),
        settings: { clusterAdmins: [{ kind: "Group", name: "admins" }] },
      },
    },
    fail: {
      "in the whole cluster": {
        given: binding("[{ kind: User, name: somebody }]", "cluster-admin"),
        tells: "subjects[0]: User somebody would be cluster-admin",
      },
      "in one namespace": {
        given: binding("[{ kind: ServiceAccount, name: a, namespace: ns }]", "cluster-admin", "RoleBinding"),
        tells: "ServiceAccount ns/a would be cluster-admin",
      },
      "a user with the name of a named group": {
        given: binding("[{ kind: User, name: admins }]", "cluster-admin"),
        tells: "User admins",
        settings: { clusterAdmins: [{ kind: "Group", name: "admins" }] },
      },
    },
    notApplicable: { "a service": SERVICE },
    unknown: { "the role": binding("[{ kind: User, name: somebody }]", "!unknown x") },
  },
  {
    policy: noSystemSubjects,
    pass: { "a user": binding("[{ kind: User, name: somebody }]"), nobody: binding("[]") },
    fail: {
      anonymous: {
        given: binding("[{ kind: User, name: somebody }, { kind: User, name: 'system:anonymous' }]"),
        tells: "subjects[1].name: the binding is for system:anonymous",
      },
      masters: { given: binding("[{ kind: Group, name: 'system:masters' }]"), tells: "system:masters" },
      "everybody with an account": {
        given: binding("[{ kind: Group, name: 'system:authenticated' }]"),
        tells: "system:authenticated",
      },
      "the unauthenticated, in a namespace": {
        given: binding("[{ kind: Group, name: 'system:unauthenticated' }]", "view", "RoleBinding"),
        tells: "system:unauthenticated",
      },
    },
    notApplicable: { "a service": SERVICE },
    unknown: { "a subject's name": binding("[{ kind: User, name: !unknown x }]") },
  },
  {
    policy: harvesterRoleMinimal,
    pass: {
      "the smallest role": harvesterRole(SMALLEST),
      "a role of somebody else": binding("[{ kind: User, name: somebody }]", "cluster-admin"),
    },
    fail: {
      "in every namespace": { given: binding(`[${HARVESTER}]`), tells: "in every namespace" },
      "a role that is not declared": {
        given: binding(`[${HARVESTER}]`, "harvester", "RoleBinding", "Role"),
        tells: 'the rights of Role "harvester" are not declared here',
      },
      "reading all secrets": {
        given: harvesterRole(`${SMALLEST}  - { apiGroups: [""], resources: [secrets], verbs: [get] }\n`),
        tells: "Role harvester also allows get on secrets",
      },
      "another resource": {
        given: harvesterRole(`${SMALLEST}  - { apiGroups: [""], resources: [pods/exec], verbs: [create] }\n`),
        tells: "create on pods/exec",
      },
      everything: {
        given: harvesterRole(`  - { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }\n`),
        tells: "rules[0]: Role harvester also allows * on *",
      },
      "patching any config map": {
        given: harvesterRole(`  - { apiGroups: [""], resources: [configmaps], verbs: [patch] }\n`),
        tells: "patch on configmaps",
      },
      "its ServiceAccount by the user name": {
        given: binding("[{ kind: User, name: 'system:serviceaccount:service:harvester' }]"),
        tells: "in every namespace",
        settings: account,
      },
      "its ServiceAccount": {
        given: binding("[{ kind: ServiceAccount, name: harvester, namespace: service }]"),
        tells: "in every namespace",
        settings: account,
      },
    },
    notApplicable: { "no binding": SERVICE },
    unknown: {
      "the subjects": binding("!unknown x"),
      "the verbs": harvesterRole(`  - { apiGroups: [batch], resources: [jobs], verbs: !unknown x }\n`),
    },
  },
];
