import { describe, expect, test } from "vitest";
import { QueueNamespace } from "../../../components/security/QueueNamespace";
import { harvesterRights } from "../../../components/security/rights";
import { versions } from "../../../versions";
import { record, type Recording } from "../../support/recorder";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";

async function queueNamespace(): Promise<Recording> {
  const args = { queue: "UVIC-K8S", namespace: "harvester", harvesterUser: "atlas-site:harvester" };
  return (await record({}, () => new QueueNamespace("harvester", args))).recording;
}

/** Whether the rights allow a call; `name` as in a request on one object. */
function allows(verb: string, resource: string, name?: string): boolean {
  const group = resource === "jobs" ? "batch" : "";
  return harvesterRights().some(
    (right) =>
      right.apiGroups.includes(group) &&
      right.resources.includes(resource) &&
      right.verbs.includes(verb) &&
      (right.resourceNames === undefined || (name !== undefined && right.resourceNames.includes(name))),
  );
}

describe("Harvester's rights", () => {
  // What Harvester does, read from its sources: submit, monitor, kill, sweep, job configuration, starter, proxy.
  test.each([
    ["create", "jobs", undefined],
    ["list", "jobs", undefined],
    ["delete", "jobs", "grid-job-1"],
    ["list", "pods", undefined],
    ["delete", "pods", "grid-job-1-abcde"],
    ["create", "configmaps", undefined],
    ["delete", "configmaps", "1"],
    ["patch", "configmaps", "pilots-starter"],
    ["create", "secrets", undefined],
    ["patch", "secrets", "proxy-secret"],
  ])("let it %s %s %s", (verb, resource, name) => {
    expect(allows(verb, resource, name)).toBe(true);
  });

  test.each([
    ["get", "secrets", "proxy-secret"],
    ["list", "secrets", undefined],
    ["patch", "secrets", "another"],
    ["delete", "secrets", "proxy-secret"],
    ["patch", "configmaps", "kube-root-ca.crt"],
    ["get", "configmaps", "pilots-starter"],
    ["create", "pods", undefined],
    ["create", "pods/exec", "p"],
    ["get", "pods/log", "p"],
    ["deletecollection", "jobs", undefined],
    ["create", "serviceaccounts/token", "default"],
    ["create", "rolebindings", undefined],
  ])("do not let it %s %s %s", (verb, resource, name) => {
    expect(allows(verb, resource, name)).toBe(false);
  });

  test("hold no wildcard", () => {
    const all = harvesterRights().flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]);
    expect(all.filter((text) => text.includes("*"))).toEqual([]);
  });
});

describe("the namespace of a queue", () => {
  test("is held to Baseline of a pinned version and warned about Restricted", async () => {
    const { metadata } = (await queueNamespace()).only("kubernetes:core/v1:Namespace").inputs as {
      metadata: { name: string; labels: Record<string, string> };
    };
    expect(metadata.name).toBe("harvester");
    const level = (mode: string) => [
      metadata.labels[`pod-security.kubernetes.io/${mode}`],
      metadata.labels[`pod-security.kubernetes.io/${mode}-version`],
    ];
    expect(level("enforce")).toEqual(["baseline", versions.podSecurity]);
    expect([level("warn"), level("audit")]).toEqual([
      ["restricted", versions.podSecurity],
      ["restricted", versions.podSecurity],
    ]);
    expect(metadata.labels["atlas-site/queue"]).toBe("UVIC-K8S");
  });

  test("gives Harvester its table of rights there, by a Role: nothing reaches beyond the namespace", async () => {
    const recording = await queueNamespace();
    expect(recording.only(`${RBAC}:Role`).inputs.rules).toEqual(harvesterRights());
    expect(recording.only(`${RBAC}:Role`).inputs.metadata).toMatchObject({ namespace: "harvester" });
    expect(recording.only(`${RBAC}:RoleBinding`).inputs).toMatchObject({
      metadata: { namespace: "harvester" },
      roleRef: { kind: "Role", name: "harvester" },
      subjects: [{ kind: "User", name: "atlas-site:harvester" }],
    });
    expect(recording.requests.filter(({ type }) => type.includes("Cluster"))).toEqual([]);
  });

  test("has a default account with empty hands, patched and not taken over", async () => {
    const patch = (await queueNamespace()).only("kubernetes:core/v1:ServiceAccountPatch");
    expect(patch.inputs).toMatchObject({
      metadata: { name: "default", namespace: "harvester" },
      automountServiceAccountToken: false,
    });
  });

  test("never holds what belongs to Harvester: its proxy and its starter", async () => {
    const { requests } = await queueNamespace();
    expect(requests.filter(({ type }) => /:(Secret|ConfigMap)(Patch)?$/.test(type))).toEqual([]);
  });
});
