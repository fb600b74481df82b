/** The whole pack over every shipped site, as the program asks for it: nothing mandatory is violated. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allPolicies } from "../../../policies/all";
import { exemptionText } from "../../../policies/model/exemptions";
import { isViolated, type Judgement } from "../../../policies/model/judge";
import { judgedSite, runOf, TODAY } from "../../support/judgedSite";
import { ROOT, shippedStacks } from "../../support/sites";

function tellings(judgements: readonly Judgement[]): string[] {
  return judgements.flatMap(({ policy, subject, violations }) =>
    violations.map(({ path, message }) => `${policy.name}: ${subject?.id ?? "the site"} ${path}: ${message}`),
  );
}

function mandatory(judgements: readonly Judgement[]): Judgement[] {
  return judgements.filter((judged) => judged.level === "mandatory" && isViolated(judged));
}

/** The largest site's program takes some seconds of a core, and cores are shared. */
const LONG_MS = 180_000;

/** Exemptions that something needed. */
const needed = new Set<string>();

describe.each(shippedStacks())("%s", (stack) => {
  test(
    "violates nothing mandatory, once everything is known",
    async () => {
      const judgements = await judgedSite(stack, false);
      judgements.forEach(({ exemption }) => exemption && needed.add(exemptionText(exemption.exemption)));
      expect(tellings(mandatory(judgements))).toEqual([]);
      expect(judgements.flatMap(({ unknown }) => unknown)).toEqual([]);
      // A pack that finds nothing to judge would be content too.
      const judging = judgements.filter(({ notApplicable, subject }) => notApplicable === undefined && subject);
      expect(judging.length).toBeGreaterThan(150);
    },
    LONG_MS,
  );

  test(
    "violates nothing mandatory in a preview, where much is not known yet",
    async () => {
      expect(tellings(mandatory(await judgedSite(stack, true)))).toEqual([]);
    },
    LONG_MS,
  );
});

describe("exemptions", () => {
  const all = shippedStacks().flatMap((stack) => runOf(stack).settings.exemptions);

  test("are needed by some shipped site, each", () => {
    const idle = new Set(all.map(exemptionText).filter((text) => !needed.has(text)));
    expect([...idle]).toEqual([]);
  });

  test("name policies there are, and end within a year", () => {
    const names = allPolicies.map(({ name }) => name);
    const strange = all.flatMap(({ policies }) => policies).filter((name) => !names.includes(name));
    expect(strange).toEqual([]);
    const year = `${Number(TODAY.slice(0, 4)) + 1}${TODAY.slice(4)}`;
    expect(all.filter(({ expires }) => expires > year).map(exemptionText)).toEqual([]);
  });

  test("of a site stand in a file of its stack's name", () => {
    const files = readdirSync(join(ROOT, "policies", "config")).filter((file) => file.endsWith(".json"));
    const stacks = files.filter((file) => !file.endsWith(".schema.json")).map((file) => file.replace(/\.json$/, ""));
    expect(stacks.filter((stack) => !existsSync(join(ROOT, "stacks", `Pulumi.${stack}.yaml`)))).toEqual([]);
  });
});
