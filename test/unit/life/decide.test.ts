import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextOfDrain, nextOfReplacement, type Intent, type Step } from "../../../stacks/site/life/decide";
import type { MachineFacts } from "../../../stacks/site/life/facts";
import { daemon, Harm, INTENT, NAME, NOW, pilot, service, WORKER, World } from "./world";

/** Runs a replacement in the model to its end. @returns the kinds of its steps, without repeats in a row */
function replaced(world: World, intent: Intent, rounds = 60): string[] {
  const kinds: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const step = nextOfReplacement(world.facts, intent, [], NOW);
    if (kinds.at(-1) !== step.kind) kinds.push(step.kind);
    if (step.kind === "done" || step.kind === "refuse") return kinds;
    world.carryOut(step, intent);
    if (step.kind === "wait" || step.kind === "evict") world.pass();
  }
  throw new Error(`no end after ${rounds} rounds: ${kinds.join(", ")}`);
}

const anyPods = fc.array(
  fc.tuple(fc.constantFrom(pilot, service, daemon), fc.integer({ min: 0, max: 99 })).map(([make, n]) => make(`p${n}`)),
  { maxLength: 6 },
);

/** A worker at any moment of its first life: in service, cordoned, off, gone. */
const anyWorker: fc.Arbitrary<MachineFacts> = fc.record({
  name: fc.constant(NAME),
  recorded: fc.constant(WORKER.recorded),
  server: fc.constantFrom("ACTIVE", "SHUTOFF", "ERROR", undefined),
  node: fc.option(
    fc.record({
      uid: fc.constant("node-1"),
      ready: fc.boolean(),
      since: fc.constantFrom(NOW - 60_000, NOW - 3_600_000),
      cordoned: fc.constant(true),
      operation: fc.constantFrom("replace by admin@desk", undefined),
      taints: fc.constant([]),
      version: fc.constant("v1.36.3"),
    }),
    { nil: undefined },
  ),
  pods: anyPods,
  localClaims: fc.constant([]),
});

describe("the next step of a replacement", () => {
  it("takes a worker in service through drain, stop, forget and renewal, in that order", () => {
    expect(replaced(new World(WORKER, 2), INTENT)).toEqual([
      ...["cordon", "wait", "evict", "stop", "forget", "renew", "wait", "done"],
    ]);
  });

  it("ends with a new machine in service from every moment, and never harms a pilot on the way", () => {
    fc.assert(
      fc.property(anyWorker, fc.boolean(), fc.integer({ min: 0, max: 3 }), (facts, evictJobs, budget) => {
        const world = new World(facts, budget);
        const kinds = replaced(world, { ...INTENT, evictJobs });
        expect(kinds.at(-1)).toBe("done");
        expect(world.facts.recorded?.serverId).toBe("server-2");
        expect(world.facts.node?.uid).toBe("node-2");
      }),
    );
  });

  it("is the same when the command is killed after any step and repeated", () => {
    fc.assert(
      fc.property(anyWorker, (facts) => {
        const first = nextOfReplacement(facts, INTENT, [], NOW);
        expect(nextOfReplacement(structuredClone(facts), structuredClone(INTENT), [], NOW)).toEqual(first);
      }),
    );
  });

  it("calls no machine dead whose node is Ready, or has been gone for less than ten minutes", () => {
    const dead = { ...INTENT, dead: true };
    const fresh = { ...WORKER, node: { ...WORKER.node!, ready: false, since: NOW - 9 * 60_000 } };
    expect(nextOfReplacement(WORKER, dead, [], NOW)).toMatchObject({ kind: "refuse" });
    expect(nextOfReplacement(fresh, dead, [], NOW)).toMatchObject({ kind: "refuse" });
    const gone = { ...fresh, node: { ...fresh.node, since: NOW - 11 * 60_000 } };
    expect(nextOfReplacement(gone, dead, [], NOW)).toEqual({ kind: "stop" });
    expect(replaced(new World(gone), dead)).toEqual(["stop", "forget", "renew", "wait", "done"]);
  });

  it("needs no word of the administrator for a machine that Nova has shut off or lost", () => {
    for (const server of ["SHUTOFF", "ERROR", undefined]) {
      expect(nextOfReplacement({ ...WORKER, server }, INTENT, [], NOW)).toMatchObject({ kind: "forget", node: true });
    }
  });

  it("stops where local volumes would be lost, until the administrator gives them up", () => {
    const facts = { ...WORKER, localClaims: ["atlas-site-monitoring/data-prometheus-0"] };
    const step = nextOfReplacement(facts, INTENT, [], NOW);
    expect(step).toMatchObject({ kind: "refuse" });
    expect((step as Extract<Step, { kind: "refuse" }>).why).toContain("data-prometheus-0");
    expect(replaced(new World(facts), { ...INTENT, loseVolumes: true }).at(-1)).toBe("done");
  });

  it("waits for the taints of a new machine but for those of its pool", () => {
    const recorded = { ...WORKER.recorded!, serverId: "server-2" };
    const taints = [{ key: "site/highmem", effect: "NoSchedule" }];
    const node = { ...WORKER.node!, uid: "node-2", taints };
    const facts = { ...WORKER, recorded, node };
    expect(nextOfReplacement(facts, INTENT, [], NOW)).toMatchObject({ kind: "wait" });
    expect(nextOfReplacement(facts, INTENT, taints, NOW)).toMatchObject({ kind: "done" });
  });

  it("goes on where an interrupted `up` left a mark in the state", () => {
    const recorded = { ...WORKER.recorded!, replacedNext: true };
    const facts = { ...WORKER, recorded, server: undefined, node: undefined, pods: [] };
    expect(nextOfReplacement(facts, INTENT, [], NOW)).toEqual({ kind: "renew" });
    const halfway = { ...facts, recorded: undefined };
    expect(nextOfReplacement(halfway, INTENT, [], NOW)).toEqual({ kind: "renew" });
  });
});

describe("the next step of a drain", () => {
  const drain = { ...INTENT, kind: "drain" as const };

  it("is done when only the node's own pods are left", () => {
    const node = { ...WORKER.node!, cordoned: true, operation: "drain" };
    expect(nextOfDrain({ ...WORKER, node, pods: [daemon("flannel")] }, drain, NOW)).toMatchObject({ kind: "done" });
  });

  it("says how long the last pilot may still take, and which have no deadline", () => {
    const node = { ...WORKER.node!, cordoned: true, operation: "drain" };
    expect(nextOfDrain({ ...WORKER, node }, drain, NOW)).toEqual({
      kind: "wait",
      what: `2 pods of Jobs on ${NAME} to end by themselves; the last one's deadline is in 60 min`,
    });
    const endless = [pilot("p1"), { ...pilot("p2"), endsBy: undefined }];
    expect(nextOfDrain({ ...WORKER, node, pods: endless }, drain, NOW)).toMatchObject({
      what: expect.stringContaining("1 of them have no deadline") as string,
    });
  });

  it("evicts pilots only when it is told to", () => {
    const node = { ...WORKER.node!, cordoned: true, operation: "drain" };
    const step = nextOfDrain({ ...WORKER, node }, { ...drain, evictJobs: true }, NOW);
    expect(step).toMatchObject({ kind: "evict", pods: [{ name: "p1" }, { name: "p2" }, { name: "squid-0" }] });
  });

  it("stops when somebody uncordons the machine", () => {
    const node = { ...WORKER.node!, cordoned: false, operation: "drain" };
    expect(nextOfDrain({ ...WORKER, node }, drain, NOW)).toMatchObject({ kind: "refuse" });
  });
});

describe("the model", () => {
  it("sees harm: a machine that is stopped under a pilot", () => {
    expect(() => new World(WORKER).carryOut({ kind: "stop" }, INTENT)).toThrow(Harm);
  });
});
