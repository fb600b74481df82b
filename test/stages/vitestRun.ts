/** Runs a folder of vitest tests and counts them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command";
import type { Say } from "./console";
import { atLeastOne, oneFailed, sum, type Tally } from "./tally";

const VITEST = "node_modules/vitest/vitest.mjs";

/** How to run a folder. */
export interface VitestRun {
  /** Folders or files below the root. */
  readonly folders: readonly string[];
  /** One line a test as it ends, for stages of few and long tests; else one line a file. */
  readonly everyTest?: boolean;
  /** Further arguments of vitest. */
  readonly more?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The Node that runs them. Default: the one that runs this. */
  readonly node?: string;
}

/** Runs the tests. A run that broke before it could count is one failed test. */
export async function runVitest(
  { folders, everyTest, more = [], env, node = process.execPath }: VitestRun,
  say: Say,
): Promise<Tally> {
  const title = folders.join(" ");
  const folder = mkdtempSync(join(tmpdir(), "atlas-site-tests-"));
  const file = join(folder, "tally.json");
  try {
    const reporters = [everyTest ? "verbose" : "default", join(__dirname, "tallyReporter.ts")];
    const ok = await run(
      {
        argv: [node, VITEST, "run", ...folders, ...reporters.map((name) => `--reporter=${name}`), ...more],
        env: { ...env, NO_COLOR: "1", ATLAS_SITE_TALLY: file },
      },
      say,
    );
    const tally = atLeastOne(JSON.parse(readFileSync(file, "utf8")) as Tally, title);
    // vitest has reasons of its own to fail: they must not be lost in the counting.
    return ok || tally.failed.length > 0 ? tally : sum(tally, oneFailed(title, "vitest says so, and names no test"));
  } catch (error) {
    const why = `vitest broke before it could count its tests: ${(error as Error).message}`;
    say(why);
    return oneFailed(title, why);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
