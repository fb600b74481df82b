/** When the lab's alerts are due is read from the site's own rules, so that a change of a threshold changes the judgement. */
import { describe, expect, it } from "vitest";
import { loadSite } from "../../../stacks/site/load";
import { expectedOf, patienceOf, TROUBLES } from "../../lab/site/alertTrial";
import { stackFileText } from "../../support/sites";

const siteWith = (changes: Record<string, string>) =>
  loadSite(
    "lab",
    Object.entries(changes).reduce((all, [key, value]) => {
      const line = new RegExp(`^( +${key}: ).*$`, "m");
      expect(all).toMatch(line);
      return all.replace(line, `$1${value}`);
    }, stackFileText("lab")),
    "Pulumi.lab.yaml",
  );

describe("alerts of the lab", () => {
  it("are due by the `for` of their rule", () => {
    const site = siteWith({ squidMinutes: "3", strandedMinutes: "7" });
    expect(patienceOf(site, TROUBLES.squid, "warning")).toBe(180);
    expect(patienceOf(site, TROUBLES.stranded, "warning")).toBe(420);
    expect(() => patienceOf(site, "SquidLost", "warning")).toThrow("no alert SquidLost of severity warning");
  });

  it("of an old proxy are due when it is old", () => {
    const proxy = expectedOf(siteWith({ credentialMinutes: "9" })).find(({ alert }) => alert === TROUBLES.proxy);
    expect(proxy?.dueSeconds).toBe(540);
  });

  it("are one for each trouble", () => {
    const alerts = expectedOf(siteWith({})).map(({ alert }) => alert);
    expect(alerts.sort()).toEqual(Object.values(TROUBLES).sort());
  });
});
