/** Months, and the windows that together see all that ended in one. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { monthAt, monthOf, inSyncAt, windowsOf } from "../../../stacks/site/accounting/month";

const LATER = new Date("2031-01-01T00:00:00Z");

describe("a month", () => {
  test("is a calendar month in UTC", () => {
    expect(monthOf("2026-12", LATER)).toEqual({
      name: "2026-12",
      start: new Date("2026-12-01T00:00:00Z"),
      end: new Date("2027-01-01T00:00:00Z"),
    });
    expect(monthOf("2028-02", LATER).end).toEqual(new Date("2028-03-01T00:00:00Z"));
    expect(monthAt(new Date("2026-11-30T23:59:59Z"))).toBe("2026-11");
  });

  test.each(["2026-13", "2026-00", "26-11", "2026-1", "November", "2026-11-01", ""])("is not %j", (text) => {
    expect(() => monthOf(text, new Date("2026-11-25T00:00:00Z"))).toThrow(
      `got month "${text}", expected year and month such as 2026-11`,
    );
  });

  test("that has not begun is refused", () => {
    const now = new Date("2026-11-30T23:59:59Z");
    expect(() => monthOf("2026-12", now)).toThrow(
      "got month 2026-12, which has not begun: in UTC it is 2026-11-30T23:59",
    );
    expect(monthOf("2026-11", now).name).toBe("2026-11");
  });
});

describe("its windows", () => {
  const months = fc
    .tuple(fc.integer({ min: 2020, max: 2030 }), fc.integer({ min: 1, max: 12 }))
    .map(([year, month]) => monthOf(`${year}-${String(month).padStart(2, "0")}`, LATER));

  test("follow on one another without a gap from its first moment to the last look, none over a day", () => {
    fc.assert(
      fc.property(months, fc.integer({ min: 1, max: 60 * 86_400 }), (month, seconds) => {
        const now = new Date(month.start.getTime() + seconds * 1000);
        const windows = windowsOf(month, now);
        let from = month.start.getTime();
        for (const { end, seconds: length } of windows) {
          expect(end.getTime() - length * 1000).toBe(from);
          expect(length).toBeLessThanOrEqual(86_400);
          from = end.getTime();
        }
        expect(from).toBe(Math.min(now.getTime(), inSyncAt(month).getTime()));
      }),
    );
  });

  test("are the same whenever one asks after the month has settled", () => {
    fc.assert(
      fc.property(months, fc.nat({ max: 1_000_000 }), (month, later) => {
        const settled = inSyncAt(month);
        expect(windowsOf(month, new Date(settled.getTime() + later * 1000))).toEqual(windowsOf(month, settled));
      }),
    );
  });

  test("reach a day beyond the month's end, where its last pods are first seen", () => {
    const windows = windowsOf(monthOf("2026-11", LATER), LATER);
    expect(windows).toHaveLength(31);
    expect(windows.at(-1)).toEqual({ end: new Date("2026-12-02T00:00:00Z"), seconds: 86_400 });
  });
});
