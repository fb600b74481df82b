/** A sample of the mutation tests: twelve files of policies, drawn by the policies' own texts. The whole run is a command. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(__dirname, "../../..");

test("mutants of twelve files of policies are caught by the fixtures, or explained", { timeout: 240_000 }, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", join(ROOT, "test/mutation/cli.ts"), "policies", "--sample", "12"],
    { cwd: ROOT, encoding: "utf8" },
  );
  expect([status, stderr, stdout]).toEqual([
    0,
    "",
    expect.stringMatching(/^\d+ of \d+ mutants of 12 files are caught/m),
  ]);
});
