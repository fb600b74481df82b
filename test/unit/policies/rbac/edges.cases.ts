import { harvesterRoleMinimal } from "../../../../policies/rbac/harvesterRoleMinimal";
import { noAdmissionChanges } from "../../../../policies/rbac/noAdmissionChanges";
import { noCertificateApproval } from "../../../../policies/rbac/noCertificateApproval";
import { noExec } from "../../../../policies/rbac/noExec";
import { noWildcards } from "../../../../policies/rbac/noWildcards";
import type { MoreCases } from "../policyCases";

const RBAC = "apiVersion: rbac.authorization.k8s.io/v1";
const HARVESTER = "{ kind: User, name: 'atlas-site:harvester' }";
const role = (rules: string, name = "harvester", namespace = "queue", kind = "Role") =>
  `${RBAC}\nkind: ${kind}\nmetadata: { name: ${name}${kind === "Role" ? `, namespace: ${namespace}` : ""} }\nrules: [${rules}]\n---\n`;
const bound = (subjects = HARVESTER, kind = "Role") =>
  `${RBAC}\nkind: RoleBinding\nmetadata: { name: b, namespace: queue }\nroleRef: { kind: ${kind}, name: harvester }\nsubjects: [${subjects}]\n`;
const rule = (group: string, resource: string, verb: string, more = "") =>
  `{ apiGroups: ["${group}"], resources: ["${resource}"], verbs: [${verb}]${more} }`;
const ALL = rule("", "secrets", "get");

/** What Harvester's work takes, one right each, written again from docs/harvester.md. */
const RIGHTS = [
  ...["create", "get", "list", "watch", "delete", "deletecollection"].map((verb) => rule("batch", "jobs", verb)),
  ...["get", "list", "watch", "delete"].map((verb) => rule("", "pods", verb)),
  rule("", "pods/log", "get"),
  ...["create", "get", "delete"].map((verb) => rule("", "configmaps", verb)),
  rule("", "secrets", "create"),
  ...["get", "patch"].map((verb) => rule("", "secrets", verb, ", resourceNames: [proxy-secret]")),
  rule("", "configmaps", "patch", ", resourceNames: [pilots-starter]"),
];

/** Edges of the policies on rights. */
export const more: readonly MoreCases[] = [
  {
    policy: harvesterRoleMinimal,
    pass: {
      "every right of its work": `${role(RIGHTS.join(", "))}${bound()}`,
      "roles of the same name elsewhere": `${role(ALL, "harvester", "other")}${role(ALL, "other")}${role(ALL, "harvester", "", "ClusterRole")}${role("")}${bound()}`,
      "a ClusterRole beside a Role of its name": `${role(ALL)}${role("", "harvester", "", "ClusterRole")}${bound(HARVESTER, "ClusterRole")}`,
      "a rule without resources": `${role("{ apiGroups: [''], verbs: [get] }")}${bound()}`,
    },
    fail: {
      "Harvester among others": {
        given: `${role(ALL)}${bound(`{ kind: User, name: other }, ${HARVESTER}`)}`,
        tells: "also allows get on secrets",
      },
      "one of two accounts of Harvester": {
        given: `${role(ALL)}${bound()}`,
        tells: "also allows get on secrets",
        settings: {
          harvesters: [
            { kind: "User", name: "another" },
            { kind: "User", name: "atlas-site:harvester" },
          ],
        },
      },
      "jobs of another group": {
        given: `${role(rule("batch.volcano.sh", "jobs", "create"))}${bound()}`,
        tells: "create on jobs",
      },
      "a named resource that its work does not take": {
        given: `${role(rule("", "pods", "patch", ", resourceNames: [a]"))}${bound()}`,
        tells: "patch on pods",
      },
      "a named resource of another kind": {
        given: `${role(rule("", "services", "get", ", resourceNames: [a]"))}${bound()}`,
        tells: "get on services",
      },
      "two verbs": {
        given: `${role(rule("", "pods", "patch, update"))}${bound()}`,
        tells: "patch, update on pods",
      },
      "a path": {
        given: `${role("{ nonResourceURLs: [/metrics], verbs: [get] }")}${bound()}`,
        tells: "also allows the path /metrics",
      },
    },
  },
  {
    policy: noCertificateApproval,
    pass: {
      "a signer with Kubernetes' name behind": role(
        rule("certificates.k8s.io", "signers", "approve", ", resourceNames: [example.org/kubernetes.io/x]"),
        "r",
        "",
        "ClusterRole",
      ),
    },
  },
  {
    policy: noWildcards,
    fail: {
      "every path": { given: role("{ nonResourceURLs: ['/*'], verbs: [get] }", "r", "", "ClusterRole"), tells: "/*" },
    },
    pass: { "a verb that is no text": role("{ apiGroups: [''], resources: [1], verbs: [get] }") },
  },
  {
    policy: noExec,
    fail: {
      "two ways at once": {
        given: role("{ apiGroups: [''], resources: [pods/exec, pods/attach], verbs: [create, get] }"),
        tells: "create, get on pods/exec, pods/attach",
      },
      "for named pods": {
        given: role(rule("", "pods/exec", "create", ", resourceNames: [a]")),
        tells: "create on pods/exec",
      },
    },
    pass: { "another resource with the same letters": role(rule("", "pods", "create")) },
  },
  {
    policy: noAdmissionChanges,
    pass: {
      "a subresource of nothing": role(rule("admissionregistration.k8s.io", "*/", "create"), "r", "", "ClusterRole"),
    },
  },
];
