import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { auditAccount, mayConcern, namespacesOf } from "../../../stacks/site/trace/auditAccount";
import { auditEventsOf, type AuditEvent } from "../../../stacks/site/trace/auditEvent";
import { jobNamed, mayBePodOf, podNameBase, workerOf } from "../../../stacks/site/trace/jobName";
import { archived, auditEvents, auditLines, DIGEST, JOB, NAMESPACE, POD } from "./traceParts";

const whole = auditAccount(auditEvents, JOB, NAMESPACE);

/** An event on something of the namespace, by an administrator. */
function event(more: Partial<AuditEvent> & { objectRef?: AuditEvent["objectRef"] }): AuditEvent {
  return {
    auditID: "made-up",
    level: "Request",
    stage: "ResponseComplete",
    verb: "patch",
    requestURI: "/",
    user: { username: "administrator" },
    stageTimestamp: "2026-11-25T20:22:24.500000Z",
    responseStatus: { code: 200 },
    ...more,
    objectRef: { namespace: NAMESPACE, ...more.objectRef },
  };
}

describe("from a real audit log of a Job", () => {
  test("comes who made it, from where, with what and by which credential, and whose it is", () => {
    expect(whole.made).toMatchObject({
      what: "create",
      on: `Job ${JOB}`,
      user: "atlas-site:harvester",
      from: ["127.0.0.1"],
      agent: "atlas-site-test",
      code: 201,
      credential: expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/) as string,
      auditId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(whole.belongs).toEqual({
      workerId: 4711,
      harvesterId: "test",
      queue: "TEST-K8S",
      resourceType: "SCORE",
      prodSourceLabel: "unified",
    });
  });

  test("comes its pod with uid, node, digest and end", () => {
    expect(whole.pods).toMatchObject([
      {
        name: POD,
        uid: "4d7ed973-a623-4a3c-8d02-ba6784d7df43",
        node: "small-batch-0",
        cores: 0.9,
        phase: "Failed",
        containers: [{ name: "job-container", digest: DIGEST, exitCode: 137, reason: "OOMKilled" }],
      },
    ]);
    expect(whole.pods[0].containers).toHaveLength(1);
  });

  test("comes not who only tried, but that somebody did", () => {
    const trial = event({
      auditID: "trial",
      verb: "create",
      requestURI: `/apis/batch/v1/namespaces/${NAMESPACE}/jobs?dryRun=All&fieldManager=kubectl-create`,
      objectRef: { resource: "jobs", apiGroup: "batch", name: JOB },
      responseStatus: { code: 201 },
      stageTimestamp: "2026-11-24T00:00:00.000000Z",
    });
    const account = auditAccount([trial, ...auditEvents], JOB, NAMESPACE);
    expect(account.made).toEqual(whole.made);
    expect(account.recreated).toBeUndefined();
    expect(account.touches).toContainEqual(
      expect.objectContaining({ auditId: "trial", what: "create", detail: "dry run: nothing was changed" }),
    );
  });

  test("come the hands of others, refused ones too, and not Kubernetes' own ordinary ones", () => {
    expect(whole.touches.map(({ what, on, user, code }) => [what, on, user, code])).toEqual([
      ["create", "ConfigMap 4711", "atlas-site:harvester", 201],
      ["exec", `Pod ${POD}`, "administrator", 404],
      ["delete", `Job ${JOB}`, "atlas-site:harvester", 200],
    ]);
    expect(whole.touches[1].detail).toBe("command: cat /proxy/x, container: job-container");
  });

  test("comes the same in whatever order its lines are, and however often one was sent", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...auditEvents, ...auditEvents], { minLength: 2 * auditEvents.length }),
        (events) => {
          expect(auditAccount(events, JOB, NAMESPACE)).toEqual(whole);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("comes the same from the archive's batches as from the lines themselves", () => {
    const batches = [
      archived(...auditLines.slice(0, 9)),
      "output of a container",
      archived("{}", ...auditLines.slice(9)),
    ];
    expect(auditAccount(batches.flatMap(auditEventsOf), JOB, NAMESPACE)).toEqual(whole);
  });

  test("comes nothing from half a line, from other JSON and from an Event of the core group", () => {
    const half = auditLines[0].slice(0, -20);
    const lines = [
      half,
      "{}",
      "[]",
      "null",
      "",
      '{"kind":"Event","apiVersion":"v1","auditID":"a","stageTimestamp":"b"}',
    ];
    expect(lines.flatMap(auditEventsOf)).toEqual([]);
  });
});

describe("a Job's pods", () => {
  const other = "grid-job-4711-bcdfg";

  test("are those that it owns, whatever others are called, and where nobody says whose a pod is, its name decides", () => {
    const stranger = event({
      auditID: "stranger",
      verb: "create",
      objectRef: { resource: "pods" },
      responseObject: { metadata: { name: other, ownerReferences: [{ kind: "Job", name: "grid-job-4711-b" }] } },
    });
    const touched = event({ auditID: "touched", verb: "delete", objectRef: { resource: "pods", name: other } });
    const names = (events: AuditEvent[]) => auditAccount(events, JOB, NAMESPACE).pods.map(({ name }) => name);
    expect(names([...auditEvents, stranger, touched])).toEqual([POD]);
    expect(names([...auditEvents, touched])).toEqual([other, POD]);
    expect(names([event({ objectRef: { resource: "pods", name: "grid-job-47112-bcdfg" } })])).toEqual([]);
  });

  test("are not moved or changed by what was refused", () => {
    const refused = event({
      verb: "create",
      objectRef: { resource: "pods", subresource: "binding", name: POD },
      requestObject: { target: { name: "elsewhere" } },
      responseStatus: { code: 403 },
    });
    const account = auditAccount([...auditEvents, refused], JOB, NAMESPACE);
    expect(account.pods[0].node).toBe("small-batch-0");
    expect(account.touches.map(({ what, code }) => [what, code])).toContainEqual(["create binding", 403]);
  });
});

describe("what is told of others", () => {
  const told = (more: Parameters<typeof event>[0]) =>
    auditAccount([...auditEvents, event(more)], JOB, NAMESPACE).touches.some(({ auditId }) => auditId === "made-up");
  const onPod = { resource: "pods", name: POD };

  test.each<[string, boolean, Parameters<typeof event>[0]]>([
    ["a changed pod", true, { objectRef: onPod }],
    ["logs that were read", true, { verb: "get", objectRef: { ...onPod, subresource: "log" } }],
    ["an added container", true, { objectRef: { ...onPod, subresource: "ephemeralcontainers" } }],
    ["a look at the pod", false, { verb: "get", objectRef: onPod }],
    [
      "the kubelet's word",
      false,
      { user: { username: "system:node:n" }, objectRef: { ...onPod, subresource: "status" } },
    ],
    ["the kubelet's last deletion", true, { user: { username: "system:node:n" }, verb: "delete", objectRef: onPod }],
    [
      "the end of all Jobs by a part of Kubernetes",
      true,
      {
        verb: "deletecollection",
        user: { username: "system:serviceaccount:kube-system:namespace-controller" },
        objectRef: { resource: "jobs", apiGroup: "batch" },
      },
    ],
    ["the end of all Jobs", true, { verb: "deletecollection", objectRef: { resource: "jobs", apiGroup: "batch" } }],
    [
      "the end of all Jobs a day later",
      false,
      {
        verb: "deletecollection",
        stageTimestamp: "2026-11-26T20:22:24.000000Z",
        objectRef: { resource: "jobs", apiGroup: "batch" },
      },
    ],
    [
      "the end of all in another namespace",
      false,
      { verb: "deletecollection", objectRef: { resource: "pods", namespace: "x" } },
    ],
    ["somebody who came as another", true, { impersonatedUser: { username: "root" }, objectRef: onPod }],
  ])("%s: %s", (_, expected, more) => {
    expect(told(more)).toBe(expected);
  });
});

describe("the look for words", () => {
  test("keeps every line that the account rests on, plain and in the archive", () => {
    const kept = (lines: readonly string[]) => lines.filter((line) => mayConcern(line, JOB)).flatMap(auditEventsOf);
    expect(auditAccount(kept(auditLines), JOB, NAMESPACE)).toEqual(whole);
    expect(auditAccount(kept(auditLines.map((line) => archived(line))), JOB, NAMESPACE)).toEqual(whole);
    expect(kept(auditLines).length).toBeLessThan(auditEvents.length);
  });

  test("finds in which namespaces a Job of the name was", () => {
    const elsewhere = event({
      verb: "delete",
      objectRef: { resource: "jobs", apiGroup: "batch", name: JOB, namespace: "b" },
    });
    expect(namespacesOf([...auditEvents, elsewhere], JOB)).toEqual(["b", NAMESPACE]);
    expect(namespacesOf(auditEvents, "grid-job-471")).toEqual([]);
  });
});

describe("names", () => {
  test("a number is a worker's, anything else a Job's", () => {
    expect([jobNamed("4711"), jobNamed("my-job")]).toEqual([JOB, "my-job"]);
    expect([workerOf(JOB), workerOf("my-job"), workerOf("grid-job-")]).toEqual([4711, undefined, undefined]);
  });

  test("of pods are known as Kubernetes makes them, of long names too", () => {
    const long = "j".repeat(63);
    expect(podNameBase(long)).toHaveLength(58);
    expect(mayBePodOf(long, `${"j".repeat(58)}bcdfg`)).toBe(true);
    expect(mayBePodOf(JOB, "grid-job-4711-aeiou")).toBe(false);
  });
});
