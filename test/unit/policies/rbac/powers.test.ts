/** Every right that a policy on roles forbids, alone in a role: a list of verbs or resources may lose none. */
import { describe, expect, test } from "vitest";
import { noAdmissionChanges } from "../../../../policies/rbac/noAdmissionChanges";
import { noCertificateApproval } from "../../../../policies/rbac/noCertificateApproval";
import { noClusterWideSecrets } from "../../../../policies/rbac/noClusterWideSecrets";
import { noExec } from "../../../../policies/rbac/noExec";
import { noNodeProxy } from "../../../../policies/rbac/noNodeProxy";
import { noPrivilegeVerbs } from "../../../../policies/rbac/noPrivilegeVerbs";
import { noSystemSubjects } from "../../../../policies/rbac/noSystemSubjects";
import { secretsByName } from "../../../../policies/rbac/secretsByName";
import type { Policy } from "../../../../policies/model/policy";
import { judged, verdictOf } from "../policyCases";

const RBAC = "rbac.authorization.k8s.io";

/** Verdict on an object written as JSON, which is YAML. */
function verdictOn(policy: Policy, object: object): string {
  return verdictOf(judged(policy, JSON.stringify(object)));
}

function role(kind: string, group: string, resource: string, verb: string): object {
  const metadata = { name: "r", ...(kind === "Role" ? { namespace: "n" } : {}) };
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata,
    rules: [{ apiGroups: [group], resources: [resource], verbs: [verb] }],
  };
}

describe("a role with a single right", () => {
  const read = ["get", "list", "watch"];
  const change = ["create", "update", "patch", "delete"];
  const admission = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"];
  admission.push("validatingadmissionpolicies", "validatingadmissionpolicybindings");
  admission.push("mutatingadmissionpolicies", "mutatingadmissionpolicybindings");
  const intoPods = ["exec", "attach", "portforward", "proxy", "ephemeralcontainers"].map((way) => `pods/${way}`);

  interface Powers {
    readonly policy: Policy;
    readonly kind?: "Role";
    readonly group: string;
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }
  test.each<Powers>([
    {
      policy: noAdmissionChanges,
      group: "admissionregistration.k8s.io",
      resources: admission,
      verbs: [...change, "deletecollection"],
    },
    {
      policy: noCertificateApproval,
      group: "certificates.k8s.io",
      resources: ["certificatesigningrequests/approval"],
      verbs: ["update", "patch"],
    },
    { policy: noCertificateApproval, group: "certificates.k8s.io", resources: ["signers"], verbs: ["approve", "sign"] },
    { policy: noClusterWideSecrets, group: "", resources: ["secrets"], verbs: read },
    { policy: secretsByName, kind: "Role", group: "", resources: ["secrets"], verbs: read },
    { policy: noExec, kind: "Role", group: "", resources: intoPods, verbs: ["create", "get", "patch", "update"] },
    { policy: noNodeProxy, group: "", resources: ["nodes/proxy"], verbs: ["get", ...change] },
    {
      policy: noPrivilegeVerbs,
      group: RBAC,
      resources: ["roles", "clusterroles"],
      verbs: ["bind", "escalate", "impersonate"],
    },
    {
      policy: noPrivilegeVerbs,
      group: "",
      resources: ["users", "groups", "serviceaccounts"],
      verbs: ["impersonate"],
    },
    {
      policy: noPrivilegeVerbs,
      group: "authentication.k8s.io",
      resources: ["userextras", "uids"],
      verbs: ["impersonate"],
    },
  ])("fails $policy.name by each of $resources, each of $verbs", ({ policy, kind, group, resources, verbs }) => {
    const single = resources.flatMap((resource) => verbs.map((verb) => [resource, verb] as const));
    const missed = single.filter(
      ([resource, verb]) => verdictOn(policy, role(kind ?? "ClusterRole", group, resource, verb)) !== "fail",
    );
    expect(missed).toEqual([]);
  });

  test("may be given to none of the names that stand for everybody, nobody or the master", () => {
    const names = ["anonymous", "unauthenticated", "authenticated", "masters"].map((name) => `system:${name}`);
    const binding = (name: string) => ({
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: "b" },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "Group", name }],
    });
    expect(names.filter((name) => verdictOn(noSystemSubjects, binding(name)) !== "fail")).toEqual([]);
  });
});
