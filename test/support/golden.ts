/** Golden texts: what the program makes, committed, so that a reviewer sees every change of it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { ROOT } from "./sites";

/**
 * Compares a text with its golden file. `UPDATE_GOLDEN=1 npx vitest run test/unit` writes the files anew; the review of
 * that change is the test.
 * @param file below test/golden/, e.g. `urns/lab.txt`
 */
export function expectGolden(file: string, text: string): void {
  const path = join(ROOT, "test", "golden", file);
  if (process.env.UPDATE_GOLDEN === "1" && process.env.CI !== "true") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const golden = existsSync(path) ? readFileSync(path, "utf8") : "";
  const fix = `npm run dump (stacks) or UPDATE_GOLDEN=1 npx vitest run test/unit (all) writes test/golden/${file} anew, if the change is wanted`;
  expect(text, fix).toBe(golden);
}
