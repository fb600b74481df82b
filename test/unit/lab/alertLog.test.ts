/** The lab's account of alerts: each time is that of the right look, and an alert that comes again has not gone. */
import { describe, expect, it } from "vitest";
import type { Alert } from "../../../stacks/site/commands/prometheusClient";
import { aligned, AlertLog } from "../../lab/site/alertLog";

function alert(alertname: string, state: Alert["state"] = "firing", labels = {}): Alert {
  return { labels: { alertname, ...labels }, annotations: {}, state, activeAt: "2026-01-01T00:00:00Z" };
}

const log = () => new AlertLog([{ alert: "Away", labels: { node: "a" }, dueSeconds: 60 }]);
const away = alert("Away", "firing", { node: "a", severity: "warning" });

describe("the account of alerts", () => {
  it("knows when an alert fired and when it was gone", () => {
    const seen = log();
    seen.caused("Away", 1_000);
    seen.look([alert("Away", "pending", { node: "a" }), alert("Away", "firing", { node: "b" })], 2_000);
    expect([seen.silent(), seen.lasting()]).toEqual([["Away"], ["Away"]]);
    seen.look([away], 61_000);
    seen.look([away], 63_000);
    seen.fixed("Away", 70_000);
    seen.look([away], 71_000);
    seen.look([], 75_000);
    seen.look([], 77_000);
    const [sighting] = seen.sightings;
    expect([seen.firedAfter(sighting), seen.goneAfter(sighting)]).toEqual([60, 5]);
    expect([seen.silent(), seen.lasting()]).toEqual([[], []]);
  });

  it("takes no alert for new that fired before its cause", () => {
    const seen = log();
    seen.look([away], 500);
    expect(seen.silent()).toEqual(["Away"]);
  });

  it("takes no alert for new that fires from before its cause until it was gone in between", () => {
    const seen = log();
    seen.caused("Away", 1_000);
    seen.look([away], 2_000);
    expect(seen.silent()).toEqual(["Away"]);
    seen.look([], 3_000);
    seen.look([away], 9_000);
    expect(seen.firedAfter(seen.sightings[0])).toBe(8);
  });

  it("learns from Prometheus' memory what it has not seen", async () => {
    const seen = log();
    const since = Date.now() - 60_000;
    seen.caused("Away", since);
    const begun = Math.round(since / 1000);
    const points = [40, 41, 42].map((late) => ({ seconds: begun + late, value: 1 }));
    const labels = { __name__: "ALERTS", alertname: "Away", node: "a", alertstate: "firing" };
    await seen.lookBack({ queryRange: () => Promise.resolve([{ labels, points }]) }, since);
    expect(seen.firedAfter(seen.sightings[0])).toBeCloseTo(40, 0);
  });

  it("takes no alert for gone that comes again", () => {
    const seen = log();
    seen.caused("Away", 0);
    seen.look([], 500);
    seen.look([away], 1_000);
    seen.fixed("Away", 2_000);
    seen.look([], 3_000);
    seen.look([away], 4_000);
    expect(seen.lasting()).toEqual(["Away"]);
    seen.look([], 9_000);
    expect(seen.goneAfter(seen.sightings[0])).toBe(7);
  });

  it("says in its table what never happened", () => {
    const seen = log();
    seen.caused("Away", 0);
    expect(seen.table()).toBe("alert  due after  fired after  gone after\nAway   60 s       never        never");
    expect(() => seen.caused("Gone", 0)).toThrow("no alert Gone is expected, only Away");
  });

  it("puts cells below one another", () => {
    expect(
      aligned([
        ["a", "bcd"],
        ["efg", "h"],
      ]),
    ).toBe("a    bcd\nefg  h");
  });
});
