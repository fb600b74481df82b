/**
 * The whole program on hundreds of drawn site files, offline: a valid one runs and keeps what holds for every site, a wrong
 * one gets messages with file and line.
 */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { loadSite } from "../../../stacks/site/load";
import { runProgramOnce } from "../../../stacks/site/offline/programRun";
import { dumpRules } from "../../support/dumpRules";
import { realisticSections } from "../../support/realistic/sections";
import { stackFileOf, styles } from "../../support/realistic/stackFile";
import type { Site } from "../../../stacks/site/site";
import type { Sections } from "../../support/sites";

vi.mock("../../../components/cluster/apiReady", () => ({ waitForApi: () => Promise.resolve() }));

const FILES = 500;
/** Of a fixed seed, so that a failure in CI is the same failure everywhere. */
const SEED = 20_261_130;
const DEADLINE_MS = 900_000;

type Outcome = { readonly site: Site } | { readonly lines: readonly string[] };

function load(text: string): Outcome {
  try {
    return { site: loadSite("drawn", text, "site.yaml") };
  } catch (error) {
    const { lines } = error as { lines?: readonly string[] };
    if (lines === undefined) {
      throw error;
    }
    return { lines };
  }
}

const drawn = fc
  .sample(fc.tuple(realisticSections, styles), { numRuns: FILES, seed: SEED })
  .map(([sections, style]) => ({ sections, text: stackFileOf(sections, style) }))
  .map((file) => ({ ...file, outcome: load(file.text) }));

const valid = drawn.flatMap(({ sections, outcome }) => ("site" in outcome ? [{ sections, site: outcome.site }] : []));

async function runOffline(sections: Sections) {
  const { default: program } = (await import("../../../index.js")) as unknown as {
    default: () => Record<string, unknown>;
  };
  return runProgramOnce({ stack: "drawn", sections, load: () => program });
}

describe(`${FILES} drawn site files`, () => {
  test("at least nine of ten are valid: the generator draws sites as administrators write them", () => {
    const wrong = drawn.flatMap(({ outcome }) => ("lines" in outcome ? outcome.lines : []));
    expect(valid.length, wrong.slice(0, 10).join("\n")).toBeGreaterThanOrEqual(FILES * 0.9);
  });

  test("a wrong one gets messages that name file, line and key", () => {
    for (const { outcome, text } of drawn) {
      for (const line of "lines" in outcome ? outcome.lines : []) {
        expect(line).toMatch(/^site\.yaml:\d+ \w[^:]*: .+/);
        expect(Number(/:(\d+) /.exec(line)?.[1])).toBeLessThanOrEqual(text.split("\n").length);
      }
    }
  });

  test(
    "the program runs on every valid one without an exception, and what it asks for keeps every rule of dumps",
    async () => {
      for (const { sections, site } of valid) {
        const run = await runOffline(sections);
        const breaches = dumpRules.flatMap(({ title, breaches }) =>
          breaches(run, site).map((breach) => `${title}: ${breach}`),
        );
        expect({ breaches, sections: breaches.length === 0 ? undefined : sections }).toEqual({ breaches: [] });
      }
    },
    DEADLINE_MS,
  );
});
