/**
 * The paper's finding in its plainest form, on the smallest site: 1-core jobs on empty nodes, then more 8-core jobs than fit.
 * Nothing ends meanwhile, so what runs in the end does not depend on how fast this machine is.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { loadSite } from "../../stacks/site/load";
import { stackFileText } from "../support/sites";
import { mostLarges } from "./packing/replay";
import { run, type SiteMoment } from "./packing/run";
import { batchSite, type Profile } from "./packing/siteNodes";
import type { Workload } from "./packing/workload";

const MINUTE = 60_000;
const SITE = "uvic-test";
/** Longer than any run. */
const FOR_EVER = 1000;

const batch = batchSite(loadSite(SITE, stackFileText(SITE), `stacks/Pulumi.${SITE}.yaml`));
const { shape } = batch;
const ones = shape.nodes;
const work: Workload = {
  ones: Array.from({ length: ones }, () => ({ arrivesAt: 0, hours: FOR_EVER })),
  largeHours: () => FOR_EVER,
};

/** What runs in the end: an hour of the site's time is a second. */
async function lastMoment(profile: Profile): Promise<SiteMoment> {
  const result = await run(batch, work, { profile, rates: "site", compression: 3600, endHours: 12, log: console.log });
  return result.moments.at(-1)!;
}

describe(`site ${SITE} with a 1-core job for each node, then a backlog of 8-core jobs`, () => {
  let last: Record<Profile, SiteMoment>;
  beforeAll(async () => {
    last = { packing: await lastMoment("packing"), default: await lastMoment("default") };
  }, 5 * MINUTE);

  test("the site's scheduler configuration runs exactly as many 8-core jobs as fit", () => {
    expect(last.packing).toMatchObject({ ones, larges: mostLarges(shape, ones) });
    expect(last.packing.nodesWithOnes).toBe(Math.ceil(ones / shape.slots));
    expect(last.packing.waitingLarges).toBeGreaterThan(0);
  });

  test("the default configuration spreads the 1-core jobs, so that most 8-core jobs wait beside free cores", () => {
    expect(last.default.ones).toBe(ones);
    expect(last.default.nodesWithOnes).toBeGreaterThan(2 * last.packing.nodesWithOnes);
    expect(last.default.larges).toBeLessThan(last.packing.larges);
  });
});
