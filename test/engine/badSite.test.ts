/** A stack file with mistakes, through the real command: what an administrator sees, and that nothing comes of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../support/engine";
import { ROOT } from "../support/sites";

const fixtures = join(ROOT, "test", "unit", "stacks", "fixtures");
const MINUTE = 60_000;

let engine: Engine;
let project: string;

beforeAll(async () => {
  engine = await Engine.open();
  project = await engine.project("lab", readFileSync(join(fixtures, "ten-mistakes.yaml"), "utf8"));
}, 30 * MINUTE);

afterAll(() => engine.close());

describe("a stack file with ten mistakes", () => {
  const expected = readFileSync(join(fixtures, "ten-mistakes.txt"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim());

  test.each([["preview"], ["up", "--yes", "--skip-preview"]])(
    "fails pulumi %s with ten messages of file and line, and no stack trace",
    async (...command) => {
      const { code, output } = await engine.pulumi([...command, "--stack", "lab"], project);
      expect(code).not.toBe(0);
      const told = output.split("\n").map((line) => line.trim());
      expect(expected).toHaveLength(11);
      expected.slice(1).forEach((line) => {
        expect(line).toMatch(/^stacks\/Pulumi\.lab\.yaml:\d+ /);
        expect(told).toContain(line);
      });
      expect(output).toContain("10 problems in stacks/Pulumi.lab.yaml (stack lab), nothing was created");
      expect(output).not.toMatch(/^\s+at .*\.ts:\d+/m);
    },
    3 * MINUTE,
  );

  test("leaves the state without a single resource", async () => {
    const { code, output } = await engine.pulumi(["stack", "export", "--stack", "lab"], project);
    expect(code).toBe(0);
    const { deployment } = JSON.parse(output) as { deployment: { resources?: { type: string }[] } };
    const types = (deployment.resources ?? []).map(({ type }) => type);
    expect(types.filter((type) => type !== "pulumi:pulumi:Stack")).toEqual([]);
  });
});
