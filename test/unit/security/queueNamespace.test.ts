import { describe, expect, test } from "vitest";
import { QueueNamespace } from "../../../components/security/QueueNamespace";
import { harvesterRights, operatorRights, type HarvesterSubject } from "../../../components/security/rights";
import { record, type Recording } from "../../../stacks/site/offline/recorder";
import { versions } from "../../../versions";
import { queueArgs } from "../../support/componentArgs";
import { site } from "../../support/sites";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";
const CENTRAL: HarvesterSubject = { kind: "User", name: "atlas-site:harvester" };

async function queueNamespace(harvesterSubject = CENTRAL): Promise<Recording> {
  const args = { ...queueArgs(site("small"), "TEST-K8S"), harvesterSubject };
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

describe("the operators' rights", () => {
  const all = operatorRights();

  test("only look", () => {
    expect(new Set(all.flatMap(({ verbs }) => verbs))).toEqual(new Set(["get", "list", "watch"]));
  });

  test("show no secret, and open no way into a pod or a node", () => {
    const resources = all.flatMap((right) => right.resources);
    const opened = resources.filter((name) =>
      /secret|token|\*|exec|\/attach|portforward|proxy|certificatesigningrequests\//.test(name),
    );
    expect(opened).toEqual([]);
    // Even `get` on these opens a session: RBAC counts a websocket as reading.
    expect(resources.filter((name) => name.includes("/"))).toEqual(["pods/log", "pods/status"]);
  });
});

describe("the namespace of a queue", () => {
  test("is held to Baseline of a pinned version and noticed below Restricted", async () => {
    const { metadata } = (await queueNamespace()).only("kubernetes:core/v1:Namespace").inputs as {
      metadata: { name: string; labels: Record<string, string> };
    };
    expect(metadata).toEqual({
      name: "harvester",
      labels: {
        "atlas-site/pool": "batch",
        "atlas-site/queue": "TEST-K8S",
        "atlas-site/seccomp": "RuntimeDefault",
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/enforce-version": versions.podSecurity,
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": versions.podSecurity,
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/audit-version": versions.podSecurity,
      },
    });
  });

  test("gives Harvester its table of rights there, by a Role: nothing reaches beyond the namespace", async () => {
    const recording = await queueNamespace();
    expect(recording.only(`${RBAC}:Role`).inputs.rules).toEqual(harvesterRights());
    expect(recording.only(`${RBAC}:Role`).inputs.metadata).toMatchObject({ namespace: "harvester" });
    expect(recording.only(`${RBAC}:RoleBinding`).inputs).toMatchObject({
      metadata: { namespace: "harvester" },
      roleRef: { kind: "Role", name: "harvester" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "atlas-site:harvester" }],
    });
    expect(recording.requests.filter(({ type }) => type.includes("Cluster"))).toEqual([]);
  });

  test("lets in a Harvester of the site's own by its ServiceAccount in another namespace", async () => {
    const subject = { kind: "ServiceAccount", name: "harvester", namespace: "harvester-service" } as const;
    const { inputs } = (await queueNamespace(subject)).only(`${RBAC}:RoleBinding`);
    // The API refuses a group beside a ServiceAccount other than its own, which is "".
    expect(inputs.subjects).toEqual([subject]);
  });

  test("lets Harvester in only after the network policies stand", async () => {
    const recording = await queueNamespace();
    const policies = recording.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy").map(({ urn }) => urn);
    expect(policies.length).toBeGreaterThan(2);
    expect(recording.only(`${RBAC}:RoleBinding`).dependsOn).toEqual(expect.arrayContaining(policies));
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

  test("is the parent of all it holds", async () => {
    const { requests } = await queueNamespace();
    const [component, ...children] = requests;
    expect(new Set(children.map(({ parent }) => parent))).toEqual(new Set([component.urn]));
  });
});
