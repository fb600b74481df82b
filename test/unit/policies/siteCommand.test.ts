/** `npm run policy:site`: a shipped site, judged by a process without cloud, engine or passphrase. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ROOT } from "../../support/sites";

const folder = mkdtempSync(join(tmpdir(), "site-"));
afterAll(() => rmSync(folder, { recursive: true }));
const LONG_MS = 180_000;

function run(...argv: string[]) {
  const command = ["--import", "tsx", "stacks/site/commands/policySite.ts", ...argv];
  const env = { PATH: "/nonexistent", INIT_CWD: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: "utf8", env });
  return { status, stdout, stderr };
}

interface Result {
  summary: { objects: number; mandatory: number; advisory: number; passedOver: number };
  findings: { policy: string; level: string; file: string; line: number; object: string }[];
}

test(
  "policy:site: a shipped site has no mandatory finding, its exemptions count, and a baseline lets known advice pass",
  () => {
    const first = run("uvic-test", "--output", "json", "--write-baseline", "known.json");
    expect([first.status, first.stderr]).toEqual([0, ""]);
    const { summary, findings } = JSON.parse(first.stdout) as Result;
    expect(summary).toMatchObject({ mandatory: 0 });
    expect([summary.objects > 150, summary.advisory > 0, summary.passedOver > 0]).toEqual([true, true, true]);
    expect(new Set(findings.map(({ file }) => file))).toEqual(new Set(["stacks/Pulumi.uvic-test.yaml"]));
    const again = JSON.parse(run("uvic-test", "--output", "json", "--baseline", "known.json").stdout) as Result;
    expect(again.summary.advisory).toBe(0);
    // A policy on a whole stack is among them, which no check of files could apply.
    const whole = JSON.parse(run("uvic-test", "--output", "json", "--only", "protect-foundations").stdout) as Result;
    expect(whole.findings.map(({ object }) => object)).toContain("openstack:networking/network:Network cloud");
  },
  LONG_MS,
);

test(
  "policy:site: a stack or policy that is not there ends with 2 and names it",
  () => {
    expect(run("nowhere")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no file stacks/Pulumi.nowhere.yaml"),
    });
    expect(run("uvic-test", "--only", "nope")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no policy "nope"'),
    });
  },
  LONG_MS,
);
