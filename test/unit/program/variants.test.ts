/** The whole program on sites that show one feature each. */
import { describe, expect, test } from "vitest";
import { runProgram, type ProgramRun } from "../../support/program";
import { variantNames } from "../../support/sites";
import { programRules } from "./programRules";

variantNames.filter((name) => name !== "largest").forEach(programRules);

describe("stable names", () => {
  test("the program asks for nothing else when it is run again on the same site", async () => {
    const shape = ({ recording }: ProgramRun) =>
      recording.requests.map(({ urn, ignoreChanges, parent }) => [urn, parent, ignoreChanges]).sort();
    // As another test file would: with nothing kept from the first run.
    const [first, second] = [await runProgram("small"), await runProgram("small", { preview: true })];
    expect(shape(second)).toEqual(shape(first));
  });
});
