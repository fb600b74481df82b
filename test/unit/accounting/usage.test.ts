/** What pods used: each pod once, in the month it ended in, whole cores, in whatever order and parts it is added up. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { monthOf } from "../../../stacks/site/accounting/month";
import {
  added,
  coreHours,
  mergedPods,
  usageOf,
  wallHours,
  type SeenPod,
  type Sighting,
} from "../../../stacks/site/accounting/usage";

const NOVEMBER = monthOf("2026-11", new Date("2026-12-31T00:00:00Z"));
const FIRST = NOVEMBER.start.getTime() / 1000;
const NEXT = NOVEMBER.end.getTime() / 1000;
const queue = { namespace: "jobs", cpuRequestPercent: 90 };

const pod = (changes: Partial<SeenPod>): SeenPod => ({
  namespace: "jobs",
  start: FIRST + 1000,
  end: FIRST + 4600,
  request: 7.2,
  phase: "Succeeded",
  ...changes,
});

/** What is seen of one pod. */
function sighting(uid: string, { namespace, start, end, request, phase, percent }: SeenPod): Sighting {
  const sample = (value: number | undefined) =>
    value === undefined ? [] : [{ labels: { namespace, pod: `pod-${uid}`, uid }, value }];
  return {
    starts: sample(start),
    ends: sample(end),
    requests: sample(request),
    phases: phase === undefined ? [] : [{ labels: { namespace, pod: `pod-${uid}`, uid, phase }, value: 1 }],
    percents: percent === undefined ? [] : [{ labels: { namespace }, value: percent }],
  };
}

const pods = fc.record<SeenPod>({
  namespace: fc.constantFrom("jobs", "others"),
  start: fc.option(fc.integer({ min: FIRST - 400_000, max: NEXT + 100_000 }), { nil: undefined }),
  end: fc.option(fc.integer({ min: FIRST - 100_000, max: NEXT + 100_000 }), { nil: undefined }),
  request: fc.option(fc.constantFrom(0.9, 1.8, 7.2, 57.6), { nil: undefined }),
  phase: fc.constantFrom(undefined, "Succeeded", "Failed"),
  percent: fc.constantFrom(undefined, 80, 90, 100),
});

describe("a pod", () => {
  test("had a whole core for each share that it requested, from start to end", () => {
    const usage = usageOf([pod({})], queue, NOVEMBER);
    expect([coreHours(usage), wallHours(usage), usage.finished, usage.failed]).toEqual([8, 1, 1, 0]);
  });

  test("that failed used its cores all the same", () => {
    const usage = usageOf([pod({ phase: "Failed" })], queue, NOVEMBER);
    expect([coreHours(usage), usage.finished, usage.failed]).toEqual([8, 0, 1]);
  });

  test("that has an end and no final phase, as one that Harvester kills, failed and used its cores", () => {
    const usage = usageOf([pod({ phase: undefined })], queue, NOVEMBER);
    expect([coreHours(usage), usage.finished, usage.failed, usage.unknown]).toEqual([8, 0, 1, 0]);
    // And counts as unknown where its start was not seen: no pod with an end is left out of both.
    expect(usageOf([pod({ phase: undefined, start: undefined })], queue, NOVEMBER).unknown).toBe(1);
  });

  test("is reckoned by the share that was requested then, not by today's", () => {
    const before = mergedPods([sighting("1", pod({ percent: 90 })), sighting("2", pod({ request: 8, percent: 100 }))]);
    const usage = usageOf(before.values(), { ...queue, cpuRequestPercent: 50 }, NOVEMBER);
    expect([coreHours(usage), usage.finished]).toEqual([16, 2]);
  });

  test.each([
    ["still runs", { phase: undefined, end: undefined }],
    ["has no end that was seen", { end: undefined }],
    ["ended before the month", { end: FIRST - 1 }],
    ["ended as the next month began", { end: NEXT }],
    ["is another namespace's", { namespace: "others" }],
    ["is accounting's own picture of one", { namespace: "jobs.whole-cores" }],
  ])("that %s counts for nothing", (_, changes) => {
    expect(usageOf([pod(changes)], queue, NOVEMBER)).toEqual(usageOf([], queue, NOVEMBER));
  });

  test.each([
    ["first", FIRST, 1],
    ["last", NEXT - 1, 1],
  ])("that ended in the month's %s second is the month's, with all its time", (_, end, finished) => {
    const usage = usageOf([pod({ start: end - 36_000, end })], queue, NOVEMBER);
    expect([usage.finished, coreHours(usage)]).toEqual([finished, 80]);
  });

  test.each([{ start: undefined }, { request: undefined }, { start: FIRST + 10, end: FIRST + 9 }])(
    "of which too little is known is told, and in no sum: %j",
    (changes) => {
      expect(usageOf([pod(changes)], queue, NOVEMBER)).toMatchObject({ finished: 0, wallSeconds: 0, unknown: 1 });
    },
  );
});

describe("sums", () => {
  test("of two parts are the whole's, however a set of pods is split", () => {
    fc.assert(
      fc.property(fc.array(pods), fc.array(fc.boolean()), (all, sides) => {
        const part = (side: boolean) => all.filter((_, i) => (sides[i] ?? false) === side);
        const [one, other] = [true, false].map((side) => usageOf(part(side), queue, NOVEMBER));
        expect(added(one, other)).toEqual(usageOf(all, queue, NOVEMBER));
      }),
    );
  });

  test("of adjacent months are those of both: no pod is in two of them", () => {
    const december = monthOf("2026-12", new Date("2027-02-01T00:00:00Z"));
    const both = { ...NOVEMBER, end: december.end };
    fc.assert(
      fc.property(fc.array(pods), (all) => {
        const sum = added(usageOf(all, queue, NOVEMBER), usageOf(all, queue, december));
        expect(sum).toEqual(usageOf(all, queue, both));
      }),
    );
  });

  test("do not depend on the order of what was seen, nor on how often it was", () => {
    const shuffled = fc.array(pods, { minLength: 1, maxLength: 12 }).chain((all) => {
      const sightings = all.map((one, i) => sighting(String(i), one));
      return fc.tuple(
        fc.constant(sightings),
        fc.shuffledSubarray([...sightings, ...sightings], { minLength: 2 * sightings.length }),
      );
    });
    fc.assert(
      fc.property(shuffled, ([once, twice]) => {
        const sum = (sightings: readonly Sighting[]) => usageOf(mergedPods(sightings).values(), queue, NOVEMBER);
        expect(sum(twice)).toEqual(sum(once));
      }),
    );
  });

  test("know a pod by what several sightings show of it", () => {
    const whole = pod({});
    const parts = Object.keys(whole).map((key) => ({ namespace: "jobs", [key]: whole[key as keyof SeenPod] }));
    const merged = [...mergedPods(parts.map((part) => sighting("1", part))).values()];
    expect(merged).toEqual([whole]);
  });

  test("tell pods of one name apart by their uid", () => {
    const labels = { namespace: "jobs", pod: "same" };
    const ends = ["1", "2"].map((uid) => ({ labels: { ...labels, uid }, value: FIRST }));
    expect(mergedPods([{ starts: [], ends, requests: [], phases: [], percents: [] }]).size).toBe(2);
  });
});
