import { describe, expect, it } from "vitest";
import { localClaims, nodeFact, podFacts, recordedInstances } from "../../../stacks/site/life/facts";
import { machineStatus, statusText } from "../../../stacks/site/life/statusText";
import { URN, WORKER } from "./world";

const instance = (name: string, more: object = {}) => ({
  type: "openstack:compute/instance:Instance",
  urn: `${URN}-${name}`,
  id: `id-${name}`,
  inputs: { name },
  replacementTrigger: 3,
  ...more,
});

describe("what the state says of instances", () => {
  it("has their ids, generations and marks, and leaves out what is being deleted", () => {
    const resources = [
      instance("a"),
      instance("b", { taint: true }),
      instance("c", { pendingReplacement: true }),
      instance("a", { delete: true, id: "old" }),
      { type: "openstack:networking/port:Port", urn: "x", inputs: { name: "a" } },
    ];
    const found = recordedInstances({ deployment: { resources } });
    expect([...found].map(([name, one]) => [name, one.serverId, one.generation, one.replacedNext])).toEqual([
      ["a", "id-a", 3, false],
      ["b", "id-b", 3, true],
      ["c", "id-c", 3, true],
    ]);
  });
});

describe("what Kubernetes says of pods", () => {
  const pod = (
    name: string,
    more: object = {},
    status: object = { phase: "Running", startTime: "2026-01-01T00:00:00Z" },
  ) => ({
    metadata: { namespace: "q", name, ...more },
    spec: {},
    status,
  });

  it("leaves out those that have ended, and tells pilots, the node's own pods and services apart", () => {
    const facts = podFacts([
      pod("done", { ownerReferences: [{ kind: "Job", name: "j" }] }, { phase: "Succeeded" }),
      pod("pilot", { ownerReferences: [{ kind: "Job", name: "j" }] }),
      pod("flannel", { ownerReferences: [{ kind: "DaemonSet", name: "d" }] }),
      pod("etcd", { annotations: { "kubernetes.io/config.mirror": "x" } }),
      pod("squid", { ownerReferences: [{ kind: "StatefulSet", name: "s" }] }),
      pod("bare"),
    ]);
    expect(facts.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      ...["pilot job", "flannel daemon", "etcd daemon", "squid service", "bare service"],
    ]);
  });

  it("takes the earlier of the pod's deadline and its Job's", () => {
    const start = "2026-01-01T00:00:00Z";
    const jobs = [
      { metadata: { namespace: "q", name: "j" }, spec: { activeDeadlineSeconds: 60 }, status: { startTime: start } },
    ];
    const owned = pod("p", { ownerReferences: [{ kind: "Job", name: "j" }] });
    const end = (pods: Parameters<typeof podFacts>[0]) => podFacts(pods, jobs)[0]?.endsBy;
    expect(end([owned])).toBe(Date.parse(start) + 60_000);
    expect(end([{ ...owned, spec: { activeDeadlineSeconds: 30 } }])).toBe(Date.parse(start) + 30_000);
    expect(podFacts([owned])[0]?.endsBy).toBeUndefined();
  });
});

describe("what Kubernetes says of nodes and volumes", () => {
  it("has a node without conditions as not Ready", () => {
    const node = nodeFact({ metadata: { name: "n", uid: "u" }, spec: {}, status: {} });
    expect(node).toMatchObject({ uid: "u", ready: false, cordoned: false, taints: [] });
  });

  it("names the claims whose local volume is tied to the machine, and no others", () => {
    const volume = (host: string, more: object = {}) => ({
      spec: {
        local: { path: "/v" },
        claimRef: { namespace: "m", name: `of-${host}` },
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", values: [host] }] }] },
        },
        ...more,
      },
    });
    const volumes = [volume("a"), volume("b"), volume("a", { claimRef: undefined }), volume("a", { local: undefined })];
    expect(localClaims("a", volumes)).toEqual(["m/of-a"]);
  });
});

describe("the status of a site", () => {
  it("says what the next `pulumi up` replaces, what is cordoned and by whom, and counts the rest as in service", () => {
    const rows = [
      machineStatus(WORKER, "batch", 1),
      machineStatus({ ...WORKER, name: "site-batch-8" }, "batch", 2),
      machineStatus({ ...WORKER, name: "site-batch-9", node: { ...WORKER.node!, cordoned: true } }, "batch", 1),
      machineStatus({ name: "site-batch-10", pods: [], localClaims: [] }, "batch", 1),
    ];
    const text = statusText(rows);
    expect(text).toContain("generation 1, 2 in the stack file");
    expect(text).toContain("cordoned by hand");
    expect(text).toMatch(/site-batch-10 +not created +none/);
    expect(text).toMatch(/1 of 4 machines in service, without a remark$/);
  });
});
