import * as k8s from "@pulumi/kubernetes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grant, type Subject } from "../../../components/kubernetes/grant";
import { record } from "../../../stacks/site/offline/recorder";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1:";
const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ kind: fc.constantFrom("User" as const, "Group" as const), name }),
  fc.record({ kind: fc.constant("ServiceAccount" as const), name, namespace: name }),
);

describe("grant", () => {
  test("creates one role and one binding that names exactly this role and this subject, with and without a namespace", async () => {
    await fc.assert(
      fc.asyncProperty(subject, name, fc.option(name, { nil: undefined }), async (to, title, namespace) => {
        const { recording } = await record({}, () => {
          grant("access", { to, metadata: { name: title, namespace }, rules }, {});
        });
        const kind = namespace === undefined ? "ClusterRole" : "Role";
        const role = recording.only(`${RBAC}${kind}`);
        const binding = recording.only(`${RBAC}${kind}Binding`);
        expect(role.inputs).toMatchObject({ rules, metadata: { name: title } });
        expect(binding.inputs.roleRef).toEqual({ apiGroup: "rbac.authorization.k8s.io", kind, name: title });
        // RBAC ignores a subject without the API group of its kind.
        const apiGroup = to.kind === "ServiceAccount" ? {} : { apiGroup: "rbac.authorization.k8s.io" };
        expect(binding.inputs.subjects).toEqual([{ ...apiGroup, ...to }]);
      }),
      { numRuns: 20 },
    );
  });

  test("delays the binding until the resources in dependsOn exist", async () => {
    const { recording } = await record({}, () => {
      const first = new k8s.core.v1.ConfigMap("first", {});
      const account = new k8s.core.v1.ServiceAccount("account", { metadata: { name: "account", namespace: "of-it" } });
      grant("access", { to: account, metadata: { name: "access" }, rules }, { dependsOn: [first] });
    });
    const binding = recording.only(`${RBAC}ClusterRoleBinding`);
    const { urn } = recording.only("kubernetes:core/v1:ConfigMap");
    expect(binding.dependsOn).toContain(urn);
    expect(recording.only(`${RBAC}ClusterRole`).dependsOn).not.toContain(urn);
    expect(binding.inputs.subjects).toEqual([{ kind: "ServiceAccount", name: "account", namespace: "of-it" }]);
  });
});
