/** The whole program on every shipped stack. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { dump, dumpSites } from "../../../stacks/site/offline/dump";
import type { Recording } from "../../../stacks/site/offline/recorder";
import { goldenUrns, urnList } from "../../support/goldenUrns";
import { runProgram } from "../../support/program";
import { shippedStacks } from "../../support/sites";
import { programRules } from "./programRules";

shippedStacks().forEach(programRules);

interface Shown {
  readonly type: string;
  readonly name: string;
  readonly sites?: readonly string[];
  readonly others?: readonly { readonly name?: string; readonly sites?: readonly string[] }[];
}

async function recordings(): Promise<Record<string, Recording>> {
  const runs = shippedStacks().map(async (stack) => [stack, (await runProgram(stack)).recording] as const);
  return Object.fromEntries(await Promise.all(runs));
}

test("a dump of one stack shows every resource, in full or by its differences", async () => {
  for (const [stack, recording] of Object.entries(await recordings())) {
    const shown = (parse(dump(recording)) as Shown[]).flatMap(({ others = [] }) => [undefined, ...others]);
    expect([stack, shown.length]).toEqual([stack, recording.requests.length]);
  }
});

test("the dump of all stacks shows every resource of each, with its name", async () => {
  const runs = await recordings();
  const stacks = Object.keys(runs);
  const shown = Object.values(dumpSites(runs))
    .flatMap((text) => parse(text) as Shown[])
    .flatMap((first) => [first, ...(first.others ?? []).map((other) => ({ ...first, ...other }))])
    .flatMap(({ type, name, sites = stacks }) => sites.map((stack) => `${stack} ${type} ${name}`));
  const declared = stacks.flatMap((stack) => runs[stack].requests.map(({ type, name }) => `${stack} ${type} ${name}`));
  expect(shown.sort()).toEqual(declared.sort());
});

test("the list of names holds every URN of every stack", async () => {
  const runs = await recordings();
  const text = urnList(runs);
  for (const [stack, recording] of Object.entries(runs)) {
    expect(goldenUrns(stack, text).sort()).toEqual(recording.urns().sort());
  }
});
