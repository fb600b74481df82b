/** The whole program on every shipped stack, and what it asks for there, which is committed. */
import { describe, expect, test } from "vitest";
import { dump } from "../../../stacks/site/offline/dump";
import { expectGolden } from "../../support/golden";
import { runProgram } from "../../support/program";
import { shippedStacks } from "../../support/sites";
import { programRules } from "./programRules";

shippedStacks().forEach(programRules);

describe.each(shippedStacks())("what %s asks for is what was reviewed:", (stack) => {
  test("names, of which each that goes takes a running resource with it", async () => {
    const { recording } = await runProgram(stack);
    expectGolden(`urns/${stack}.txt`, `${recording.urns().join("\n")}\n`);
  });

  test("inputs and options of every resource", async () => {
    const { recording } = await runProgram(stack);
    expectGolden(`resources/${stack}.yaml`, dump(recording));
  });
});

test("a dump shows every resource, in full or by what is different", async () => {
  for (const stack of shippedStacks()) {
    const { recording } = await runProgram(stack);
    const shown = dump(recording).match(/^(- type: |    - \{ name: )/gm) ?? [];
    expect([stack, shown.length]).toEqual([stack, recording.requests.length]);
  }
});
