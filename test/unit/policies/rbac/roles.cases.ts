import { noAdmissionChanges } from "../../../../policies/rbac/noAdmissionChanges";
import { noCertificateApproval } from "../../../../policies/rbac/noCertificateApproval";
import { noClusterWideSecrets } from "../../../../policies/rbac/noClusterWideSecrets";
import { noExec } from "../../../../policies/rbac/noExec";
import { noNodeProxy } from "../../../../policies/rbac/noNodeProxy";
import { noPrivilegeVerbs } from "../../../../policies/rbac/noPrivilegeVerbs";
import { noTokenCreation } from "../../../../policies/rbac/noTokenCreation";
import { noVolumeCreation } from "../../../../policies/rbac/noVolumeCreation";
import { noWildcards } from "../../../../policies/rbac/noWildcards";
import { secretsByName } from "../../../../policies/rbac/secretsByName";
import type { Policy } from "../../../../policies/model/policy";
import type { PolicyCases } from "../policyCases";

function role(rules: string, kind = "ClusterRole"): string {
  const metadata = kind === "Role" ? "{ name: r, namespace: ns }" : "{ name: r }";
  return `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: ${metadata}\nrules: ${rules}\n`;
}

function rule(group: string, resources: string, verbs: string): string {
  return `{ apiGroups: ["${group}"], resources: [${resources}], verbs: [${verbs}] }`;
}

const POD = "apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: ns }\nspec: {}\n";
const READ_PODS = rule("", "pods", "get, list, watch");

/** Rules that approve certificates of the named signers. */
function signers(names: string): string {
  return `[{ apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve], resourceNames: [${names}] }]`;
}

/** Cases that every policy on one power has: the power itself, by each wildcard, another verb, nothing known. */
function powerCases(
  policy: Policy,
  group: string,
  resource: string,
  verb: string,
  kind = "ClusterRole",
  more: Partial<PolicyCases> = {},
): PolicyCases {
  const tells = "rules[1]: this rule allows";
  const second = (one: string) => ({ given: role(`[${READ_PODS}, ${one}]`, kind), tells });
  return {
    policy,
    pass: {
      "another verb": role(`[${rule(group, `"${resource}"`, "nothing-of-this-kind")}]`, kind),
      "another group": role(`[${rule("other.example", `"${resource}"`, verb)}]`, kind),
      "no rules at all": role("!!null", kind),
      ...more.pass,
    },
    fail: {
      "by its name": second(rule(group, `"${resource}"`, verb)),
      "by a wildcard for verbs": second(rule(group, `"${resource}"`, `"*"`)),
      "by a wildcard for resources": second(rule(group, `"*"`, verb)),
      "by a wildcard for groups": second(rule("*", `"${resource}"`, verb)),
      "beside a rule that is not known": {
        given: role(`[!unknown x, ${rule(group, `"${resource}"`, verb)}]`, kind),
        tells,
      },
      ...more.fail,
    },
    notApplicable: { "a pod": POD },
    unknown: {
      "the rules": role("!unknown x", kind),
      "the verbs": role(`[{ apiGroups: ["${group}"], resources: ["${resource}"], verbs: !unknown x }]`, kind),
    },
  };
}

/** Cases of the policies on what roles may allow. */
export const cases: readonly PolicyCases[] = [
  {
    policy: noWildcards,
    pass: {
      "everything named": role(`[${READ_PODS}]`),
      "paths below one": role(`[{ nonResourceURLs: ["/healthz/*"], verbs: [get] }]`),
    },
    fail: {
      verbs: { given: role(`[${rule("", "pods", `"*"`)}]`), tells: 'rules[0].verbs[0]: verbs has "*"' },
      resources: {
        given: role(`[${rule("", `"*"`, "get")}]`, "Role"),
        tells: 'rules[0].resources[0]: resources has "*"',
      },
      "a subresource of everything": {
        given: role(`[${rule("", `"*/scale"`, "get")}]`),
        tells: 'resources has "*/scale"',
      },
      groups: { given: role(`[${rule("*", "pods", "get")}]`), tells: 'rules[0].apiGroups[0]: apiGroups has "*"' },
      "every path": { given: role(`[{ nonResourceURLs: ["*"], verbs: [get] }]`), tells: "nonResourceURLs" },
    },
    notApplicable: { "a pod": POD },
    unknown: { "the verbs": role(`[{ apiGroups: [""], resources: [pods], verbs: !unknown x }]`) },
  },
  powerCases(noClusterWideSecrets, "", "secrets", "list", "ClusterRole", {
    pass: {
      "one secret by its name": role(`[{ apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [ca] }]`),
      "making secrets": role(`[${rule("", "secrets", "create")}]`),
    },
  }),
  powerCases(secretsByName, "", "secrets", "get", "Role", {
    pass: { "by name": role(`[{ apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [s] }]`, "Role") },
  }),
  powerCases(noPrivilegeVerbs, "rbac.authorization.k8s.io", "clusterroles", "bind", "ClusterRole", {
    fail: {
      impersonate: { given: role(`[${rule("", "users", "impersonate")}]`), tells: "allows impersonate" },
      "escalate in a Role": {
        given: role(`[${rule("rbac.authorization.k8s.io", "roles", "escalate")}]`, "Role"),
        tells: "allows escalate",
      },
    },
  }),
  powerCases(noExec, "", "pods/exec", "create", "Role", {
    fail: {
      "by all resources' exec": { given: role(`[${rule("", `"*/exec"`, "create")}]`), tells: "create on pods/exec" },
      "by everything of pods": { given: role(`[${rule("", `"pods/*"`, "create")}]`), tells: "create on pods/exec" },
      attach: { given: role(`[${rule("", "pods/attach", "create, get")}]`), tells: "create, get on pods/attach" },
    },
    pass: { "reading logs": role(`[${rule("", "pods/log", "get")}]`) },
  }),
  powerCases(noVolumeCreation, "", "persistentvolumes", "create"),
  powerCases(noNodeProxy, "", "nodes/proxy", "get"),
  powerCases(
    noCertificateApproval,
    "certificates.k8s.io",
    "certificatesigningrequests/approval",
    "update",
    "ClusterRole",
    {
      pass: { "certificates of a signer of one's own": role(signers("example.org/services")) },
      fail: {
        "certificates of every signer": {
          given: role(`[${rule("certificates.k8s.io", "signers", "approve")}]`),
          tells: "approve",
        },
        "certificates of the cluster's signers": {
          given: role(signers("example.org/a, kubernetes.io/*")),
          tells: "approve",
        },
      },
    },
  ),
  powerCases(noAdmissionChanges, "admissionregistration.k8s.io", "mutatingwebhookconfigurations", "patch"),
  powerCases(noTokenCreation, "", "serviceaccounts/token", "create"),
];
