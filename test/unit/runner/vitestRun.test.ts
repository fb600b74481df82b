/** The counting, on real vitest runs of a folder made for it: every way a test can fail must reach the count. */
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MISSING_CORPUS, type Tally } from "../../stages/tally";
import { runVitest } from "../../stages/vitestRun";
import { ROOT } from "../../support/sites";
import { removeFolder } from "../../support/removeFolder";

const IMPORT = `import { test, describe, beforeAll, expect } from "vitest";\n`;

let folder: string;

/** Runs files of these contents; tells the count and what was printed. */
async function runFiles(files: Record<string, string>): Promise<{ tally: Tally; lines: string[] }> {
  const own = mkdtempSync(join(folder, "run-"));
  symlinkSync(join(ROOT, "node_modules"), join(own, "node_modules"));
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(own, `${name}.test.ts`), IMPORT + text));
  const lines: string[] = [];
  const tally = await runVitest({ folders: [], more: ["--root", own] }, (line) => lines.push(line));
  return { tally, lines };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "atlas-site-runner-"));
});

afterAll(() => removeFolder(folder));

describe("a folder's tests", () => {
  test("are counted one by one: passed, failed, skipped with their reasons", async () => {
    const { tally, lines } = await runFiles({
      good: `test("one", () => {}); test("two", () => {});`,
      bad: `test("three", () => expect(1).toBe(2));`,
      skipping: `test.skip("four", () => {}); test("five", (context) => context.skip("${MISSING_CORPUS}/x"));`,
    });
    expect(tally).toEqual({
      passed: 2,
      failed: [{ name: "bad.test.ts > three", reason: expect.stringMatching(/^expected 1 to be 2/) as string }],
      skipped: [
        { name: "skipping.test.ts > four", reason: "" },
        { name: "skipping.test.ts > five", reason: `${MISSING_CORPUS}/x` },
      ],
    });
    expect(lines.join("\n")).toContain("expected 1 to be 2");
  });

  test("fail when a file breaks before it has a test, when a hook breaks, and when an error goes nowhere", async () => {
    const { tally } = await runFiles({
      broken: `import "./nothing-of-that-name";`,
      hook: `describe("d", () => { beforeAll(() => { throw new Error("no") }); test("never", () => {}); });`,
      stray: `test("passes", async () => { void Promise.reject(new Error("stray")); await new Promise((r) => setTimeout(r, 20)); });`,
    });
    expect(tally.passed).toBe(1);
    expect(tally.failed).toEqual(
      expect.arrayContaining([
        { name: "broken.test.ts", reason: expect.stringContaining("nothing-of-that-name") as string },
        { name: "hook.test.ts > d", reason: "no" },
        { name: "an error that no test waited for", reason: "stray" },
      ]),
    );
  });

  test("fail when there are none", async () => {
    expect((await runFiles({})).tally).toMatchObject({ passed: 0, failed: [{ reason: "no test was run" }] });
  });
});
