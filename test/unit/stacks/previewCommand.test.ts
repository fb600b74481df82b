/** `npm run site -- preview`: a preview, and nothing but a preview, runs without checkpoints. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { previewArguments } from "../../../stacks/site/commands/preview";
import { ROOT } from "../../support/sites";
import { sources } from "../../support/sources";

const folder = mkdtempSync(join(tmpdir(), "atlas-site-preview-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command with a `pulumi` that prints its settings and arguments, and ends with 7. */
function run(...args: string[]) {
  const pulumi = join(folder, "pulumi");
  writeFileSync(pulumi, '#!/bin/sh\necho "$PULUMI_SKIP_CHECKPOINTS $PULUMI_EXPERIMENTAL $GOGC: $*"\nexit 7\n');
  chmodSync(pulumi, 0o755);
  const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
  const command = ["--import", "tsx", "stacks/site/commands/cli.ts", "preview", ...args];
  return spawnSync(process.execPath, command, { cwd: ROOT, env, encoding: "utf8" });
}

test("the preview command runs pulumi preview without checkpoints, passes options on and keeps the exit code", () => {
  const { stdout, status } = run("cern", "--policy-pack", "policies", "--json");
  expect(stdout).toBe("true true 400: preview --stack cern --policy-pack policies --json\n");
  expect(status).toBe(7);
});

test("the preview command's first word to pulumi is preview, whatever options are given", () => {
  expect(previewArguments("cern", ["up", "--yes"])[0]).toBe("preview");
});

test("no other file of program, lab or tests' engine switches checkpoints off", () => {
  const looked = sources(
    "index.ts",
    "components",
    "stacks",
    "policies/commands",
    "test/lab",
    "test/support",
    "test/toolchain",
  );
  const places = looked.filter(({ text }) => text.includes("SKIP_CHECKPOINTS")).map(({ path }) => path);
  expect(places).toEqual(["stacks/site/commands/preview.ts"]);
});
