/**
 * A cross-check names the values it rests on, and is left out when one of them is wrong and an example stands in for it. So
 * its word must be true: here every check is watched at what it looks at.
 */
import { describe, expect, test } from "vitest";
import { checks, isLost } from "../../../stacks/site/checks";
import type { Site } from "../../../stacks/site/site";
import { examples } from "./checkExamples";
import { siteWith } from "./sites";

const sites = examples.flatMap(({ fails, passes }) => [siteWith(fails), siteWith(passes)]);

/** Values that checks look at and rest nothing on: they make the hint at what to write, or come along in a copy. */
const OF_NO_WEIGHT: Readonly<Record<string, readonly string[]>> = {
  "address blocks are inside the machine network": ["cloud.apiEndpoint.kind", "cloud.bastion.**"],
  "address blocks share no address": ["cloud.network.cidr", "cloud.apiEndpoint.kind", "cloud.bastion.**"],
  "address blocks are large enough": ["cloud.network.cidr", "cloud.apiEndpoint.kind", "cloud.bastion.**"],
  "the bastion has a free address of the machine network": [
    ...["cloud.network.dynamicAddresses", "cloud.pools.*.addresses"],
    ...["cloud.region", "cloud.externalNetwork"],
  ],
  "the plan stays within the project's quota": ["cloud.pools.*.**", "cloud.region", "site.name"],
};

interface Looks {
  /** Every value looked at, sections and lists included. */
  readonly all: Set<string>;
  /** Those that hold no others. */
  readonly leaves: Set<string>;
}

/** A value that tells what of it is looked at; of lists every item counts. */
function watched(value: unknown, path: readonly string[], looks: Looks): unknown {
  if (path.length > 0) {
    looks.all.add(path.join("."));
  }
  if (typeof value !== "object" || value === null) {
    looks.leaves.add(path.join("."));
    return value;
  }
  return new Proxy(value, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key);
      const isOwn =
        typeof key === "string" && Object.hasOwn(target, key) && !(Array.isArray(target) && key === "length");
      return isOwn ? watched(found, [...path, key], looks) : found;
    },
  });
}

describe.each(checks)("$title", (check) => {
  const looks: Looks = { all: new Set(), leaves: new Set() };
  for (const site of sites) {
    check.run(watched(site, [], looks) as Site);
  }

  test("names only values that are there and that it looks at", () => {
    const unseen = check.needs.filter((need) => ![...looks.all].some((path) => isLost(need, path.split("."))));
    expect(unseen).toEqual([]);
  });

  test("names every value it rests on", () => {
    const named = [...check.needs, ...(OF_NO_WEIGHT[check.title] ?? [])];
    const others = [...looks.leaves].filter((path) => !named.some((need) => isLost(need, path.split("."))));
    expect(others).toEqual([]);
  });
});
