import { describe, expect, test } from "vitest";
import { binariesOf, chosenStages, STAGES } from "../../stages/stages";
import { atLeastOne, judged, lastLine, MISSING_CORPUS, nothing, oneFailed, onePassed, sum } from "../../stages/tally";

const failed = { name: "c", reason: "no" };
const noisy = { name: "d.test.ts > d", reason: "no tools" };
const skipped = { name: "a.test.ts > a", reason: "" };
const excused = { name: "b.test.ts > b", reason: `${MISSING_CORPUS}/pod-security-standards` };

describe("the count of npm test", () => {
  test("the last line names skipped tests only when there are some", () => {
    expect(lastLine({ passed: 3, failed: [], skipped: [] })).toBe("3 passed, 0 failed");
    expect(lastLine({ passed: 3, failed: [failed], skipped: [skipped] })).toBe("3 passed, 1 failed, 1 skipped");
  });

  test("counts add up", () => {
    const all = [onePassed, oneFailed("c", "no\nat all"), { ...nothing, skipped: [skipped] }].reduce(sum, nothing);
    expect(all).toEqual({ passed: 1, failed: [failed], skipped: [skipped] });
  });

  test("in CI a skipped test is a failed one, unless only material beside the tree is missing", () => {
    const tally = { passed: 1, failed: [failed], skipped: [skipped, noisy, excused] };
    expect(judged(tally, false)).toEqual(tally);
    expect(judged(tally, true)).toEqual({
      passed: 1,
      failed: [failed, { ...skipped, reason: "skipped" }, { ...noisy, reason: "skipped: no tools" }],
      skipped: [excused],
    });
  });

  test("a stage without a single test failed", () => {
    expect(atLeastOne(nothing, "unit").failed).toEqual([{ name: "unit", reason: "no test was run" }]);
    expect(atLeastOne(onePassed, "unit")).toEqual(onePassed);
    expect(atLeastOne({ ...nothing, skipped: [skipped] }, "unit").failed).toEqual([]);
  });
});

describe("the choice of stages", () => {
  test("no name means all, and names do not change the order", () => {
    expect(chosenStages([])).toEqual(STAGES);
    expect(chosenStages(["unit", "static"]).map((stage) => stage.name)).toEqual(["static", "unit"]);
  });

  test("an unknown stage is refused, with the known ones", () => {
    expect(() => chosenStages(["units"])).toThrow(/no stage "units"; there are: static .*unit .*engine .*lab/);
  });

  test("decides what is built: nothing for the cheap stages, little for the engine, everything for the lab", () => {
    expect(binariesOf(chosenStages(["static", "unit"]))).toEqual([]);
    expect(binariesOf(chosenStages(["unit", "engine"]))).toContain("pulumi");
    expect(binariesOf(chosenStages(["unit", "engine"]))).not.toContain("kubelet");
    expect(binariesOf(chosenStages([]))).toBe("all");
  });
});
