/** Whatever somebody writes into an object, no policy breaks over it: a pack that throws stops every deployment. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allPolicies } from "../../../../policies/all";
import { exemptionOf, hasExpired } from "../../../../policies/model/exemptions";
import { Field, UNKNOWN } from "../../../../policies/model/field";
import { judgeObject, judgeObjects, type Judgement } from "../../../../policies/model/judge";
import { objectsIn } from "../../../../policies/model/objects";
import { defaultSettings, type Exemption } from "../../../../policies/model/settings";

const run = { settings: { ...defaultSettings, registries: ["a"], queueing: true }, today: "2026-01-01" };

function judgeAll(document: unknown): Judgement[] {
  const objects = objectsIn(new Field(document));
  return allPolicies.flatMap((policy) => {
    if (policy.kind === "objects") {
      return judgeObjects(policy, objects, run);
    }
    return policy.kind === "pod" || policy.kind === "object"
      ? objects.flatMap((object) => judgeObject(policy, object, run))
      : [];
  });
}

const kinds = [
  ...new Set(
    allPolicies.flatMap((policy) => ("kinds" in policy ? policy.kinds.map((kind) => kind.split("/").at(-1)) : [])),
  ),
  "Pod",
  "Deployment",
  "CronJob",
  "Job",
];

/** A pod that has most fields a policy looks at. */
const pod = {
  kind: "Job",
  apiVersion: "batch/v1",
  metadata: { name: "a", namespace: "q", labels: { a: "b" }, annotations: { c: "d" } },
  spec: {
    ttlSecondsAfterFinished: 1,
    podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }] },
    template: {
      spec: {
        hostNetwork: true,
        securityContext: { seccompProfile: { type: "x" }, sysctls: [{ name: "a" }], seLinuxOptions: { type: "t" } },
        tolerations: [{ operator: "Exists" }],
        volumes: [
          { name: "v", hostPath: { path: "/" } },
          { name: "p", secret: { secretName: "proxy-secret" } },
        ],
        containers: [
          {
            name: "c",
            image: "a/b:c",
            env: [{ name: "PASSWORD", value: "x", valueFrom: { secretKeyRef: { name: "s" } } }],
            ports: [{ hostPort: 1 }],
            resources: { requests: { cpu: 1 } },
            securityContext: { privileged: true, capabilities: { add: ["X"], drop: ["Y"] } },
            volumeMounts: [{ name: "v", mountPath: "/x" }],
            livenessProbe: { httpGet: { host: "h" } },
          },
        ],
      },
    },
  },
};

/** Every path of an object. */
function paths(value: unknown, above: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) {
    return [above];
  }
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [above, ...keys.flatMap((key) => paths((value as Record<string | number, unknown>)[key], [...above, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) {
    return by;
  }
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

describe("no policy throws", () => {
  test("on an object of any kind with anything in it", () => {
    const object = fc.record({
      kind: fc.constantFrom(...kinds),
      metadata: fc.anything(),
      spec: fc.anything(),
      data: fc.anything(),
    });
    fc.assert(
      fc.property(object, (document) => void judgeAll(document)),
      { numRuns: 60 },
    );
  });

  test("on a pod with anything in one place", () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths(pod).slice(1)), fc.anything(), (path, value) => {
        judgeAll(replaced(pod, path, value));
      }),
      { numRuns: 150 },
    );
  });

  test("on a pod of which a preview does not know one place, and some policy says so where one looks", () => {
    const silent = paths(pod.spec.template.spec, ["spec", "template", "spec"]).filter(
      (path) => !judgeAll(replaced(pod, path, UNKNOWN)).some(({ unknown }) => unknown.length > 0),
    );
    // Names are for messages, and which command a probe runs is nobody's business.
    const expected = /^(name|mountPath|httpGet|key|add|\d)$|^livenessProbe$/;
    expect(silent.filter((path) => !expected.test(String(path.at(-1))))).toEqual([]);
  });
});

describe("exemptions", () => {
  const exemption: Exemption = {
    policies: ["no-privileged"],
    kind: "DaemonSet",
    namespace: "a",
    name: "b",
    reason: "it has to",
    expires: "2026-03-01",
  };
  const subject = { kind: "DaemonSet", namespace: "a", name: "b" };

  test("hold on their last day and not on the next", () => {
    expect(["2026-02-28", "2026-03-01", "2026-03-02"].map((day) => hasExpired(exemption, day))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("bind one policy and one object, by all of its names", () => {
    const found = (policy: string, changes: object) =>
      exemptionOf(policy, { ...subject, ...changes }, { exemptions: [exemption] }, "2026-01-01");
    expect(found("no-privileged", {})).toEqual({ exemption, expired: false });
    expect([found("no-host-ports", {}), found("no-privileged", { kind: "Pod" })]).toEqual([undefined, undefined]);
    expect([found("no-privileged", { namespace: "" }), found("no-privileged", { name: "c" })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("that have ended are found, and one that holds goes before them", () => {
    const later = { ...exemption, expires: "2027-01-01" };
    const at = (exemptions: Exemption[]) => exemptionOf("no-privileged", subject, { exemptions }, "2026-06-01");
    expect([at([exemption])?.expired, at([exemption, later])]).toEqual([true, { exemption: later, expired: false }]);
  });
});
