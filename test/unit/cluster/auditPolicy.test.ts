import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { auditPolicy, auditRules, type AuditRule } from "../../../components/cluster/kubeadm/auditPolicy";

/** A request as the API server judges it. */
interface Asked {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly group: string;
  /** With its subresource after '/'. */
  readonly resource: string;
}

const HARVESTER = { user: "atlas-site:harvester", groups: ["system:authenticated"] };
const KUBELET = { user: "system:node:batch-0", groups: ["system:nodes", "system:authenticated"] };
const COLLECTOR = {
  user: "system:serviceaccount:kube-system:generic-garbage-collector",
  groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
};

/** The API server's own matching: the first rule whose every condition holds. */
function levelOf({ user, groups, verb, group, resource }: Asked, rules: readonly AuditRule[] = auditRules): string {
  const isMet = (wanted: readonly string[] | undefined, is: readonly string[]) =>
    wanted === undefined || wanted.some((one) => is.includes(one));
  const matches = (rule: AuditRule) =>
    isMet(rule.users, [user]) &&
    isMet(rule.userGroups, groups) &&
    isMet(rule.verbs, [verb]) &&
    rule.nonResourceURLs === undefined &&
    (rule.resources === undefined ||
      rule.resources.some((one) => one.group === group && isMet(one.resources, [resource])));
  return rules.find(matches)?.level ?? "None";
}

const verbs = fc.constantFrom("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");
const people = fc.constantFrom(
  HARVESTER,
  KUBELET,
  COLLECTOR,
  { user: "system:kube-scheduler", groups: ["system:authenticated"] },
  { user: "system:apiserver", groups: ["system:masters"] },
  { user: "anybody", groups: [] },
);

describe("the audit policy", () => {
  test("is what the API server reads: one line a request, and the rules in their order", () => {
    expect(parse(auditPolicy())).toEqual({
      apiVersion: "audit.k8s.io/v1",
      kind: "Policy",
      omitStages: ["RequestReceived"],
      omitManagedFields: true,
      rules: auditRules,
    });
    expect(auditPolicy()).not.toMatch(/[&*]\w+\s*$/m);
  });

  test("never writes down what is in a Secret, a ConfigMap or a token, whoever asks for whatever", () => {
    const secrets: [string, string][] = [
      ["", "secrets"],
      ["", "configmaps"],
      ["", "serviceaccounts/token"],
      ["authentication.k8s.io", "tokenreviews"],
    ];
    fc.assert(
      fc.property(people, verbs, fc.constantFrom(...secrets), (who, verb, [group, resource]) => {
        expect(["None", "Metadata"]).toContain(levelOf({ ...who, verb, group, resource }));
      }),
    );
  });

  test("writes down that a Secret was touched by anybody but a kubelet that watches for its own pods", () => {
    fc.assert(
      fc.property(people, verbs, (who, verb) => {
        const watched = who === KUBELET && verb === "watch";
        expect(levelOf({ ...who, verb, group: "", resource: "secrets" })).toBe(watched ? "None" : "Metadata");
      }),
    );
  });

  test("leaves no change of anything out but leases, events and a node's status by itself", () => {
    const changes = fc.constantFrom("create", "update", "patch", "delete", "deletecollection");
    const resources = fc.constantFrom<[string, string][]>(
      ["", "pods"],
      ["", "nodes"],
      ["", "services"],
      ["batch", "jobs"],
      ["apps", "replicasets"],
      ["rbac.authorization.k8s.io", "clusterrolebindings"],
      ["any.example", "things"],
    );
    fc.assert(
      fc.property(people, changes, resources, (who, verb, [group, resource]) => {
        expect(levelOf({ ...who, verb, group, resource })).not.toBe("None");
      }),
    );
    expect(levelOf({ ...KUBELET, verb: "patch", group: "", resource: "nodes/status" })).toBe("None");
    expect(levelOf({ ...HARVESTER, verb: "patch", group: "", resource: "nodes/status" })).toBe("Metadata");
  });

  test.each<[string, string, Asked]>([
    ["what a Job is", "Request", { ...HARVESTER, verb: "create", group: "batch", resource: "jobs" }],
    ["who deletes it", "Request", { ...HARVESTER, verb: "delete", group: "batch", resource: "jobs" }],
    [
      "a pod's name, which the API gives",
      "RequestResponse",
      { ...COLLECTOR, verb: "create", group: "", resource: "pods" },
    ],
    ["its node", "Request", { ...HARVESTER, verb: "create", group: "", resource: "pods/binding" }],
    ["its eviction", "Request", { ...HARVESTER, verb: "create", group: "", resource: "pods/eviction" }],
    ["what the kubelet saw of it", "Request", { ...KUBELET, verb: "patch", group: "", resource: "pods/status" }],
    ["a look into it", "Metadata", { ...HARVESTER, verb: "get", group: "", resource: "pods/exec" }],
    ["an added container", "Request", { ...HARVESTER, verb: "patch", group: "", resource: "pods/ephemeralcontainers" }],
    ["new rights", "Request", { ...HARVESTER, verb: "create", group: "rbac.authorization.k8s.io", resource: "roles" }],
    ["a Pod Security label", "Request", { ...HARVESTER, verb: "patch", group: "", resource: "namespaces" }],
    ["a way past the API", "Metadata", { ...HARVESTER, verb: "get", group: "", resource: "nodes/proxy" }],
    ["who looks", "Metadata", { ...HARVESTER, verb: "list", group: "", resource: "pods" }],
  ])("tells %s: %s", (_, level, asked) => {
    expect(levelOf(asked)).toBe(level);
  });

  test("is silent on what only makes noise", () => {
    const kubeletWatches = { ...KUBELET, verb: "watch", group: "", resource: "pods" };
    const controllerWatches = { ...COLLECTOR, verb: "watch", group: "batch", resource: "jobs" };
    const lease = { ...KUBELET, verb: "update", group: "coordination.k8s.io", resource: "leases" };
    const event = { ...COLLECTOR, verb: "create", group: "", resource: "events" };
    expect([kubeletWatches, controllerWatches, lease, event].map((asked) => levelOf(asked))).toEqual(
      Array.from({ length: 4 }, () => "None"),
    );
    expect(levelOf({ ...COLLECTOR, verb: "watch", group: "", resource: "secrets" })).toBe("Metadata");
  });
});
