/** The package of the check: packed, installed in another folder without network or dependencies, and run there. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../../support/sites";
import { pod } from "./commands/workplace";

const place = mkdtempSync(join(tmpdir(), "elsewhere-"));
const LONG_MS = 120_000;

function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd, encoding: "utf8" });
}

function run(...argv: string[]) {
  const command = join(place, "node_modules", ".bin", "atlas-site-policy-check");
  // npm sets INIT_CWD for all below it; the command of a package goes by the folder that it runs in.
  return spawnSync(command, argv, { cwd: place, encoding: "utf8", env: { ...process.env, INIT_CWD: ROOT } });
}

beforeAll(() => {
  const packed = npm(join(ROOT, "policies", "package"), "pack", "--pack-destination", place);
  const tarball = packed.trim().split("\n").at(-1) ?? "";
  writeFileSync(join(place, "package.json"), '{"name": "elsewhere", "private": true}');
  npm(place, "install", "--offline", join(place, tarball));
  writeFileSync(
    join(place, "bad.yaml"),
    pod("p").replace("privileged: true", "privileged: true\n        runasuser: 0"),
  );
}, LONG_MS);
afterAll(() => rmSync(place, { recursive: true }));

describe("the package", () => {
  test("depends on no other", () => {
    const { stdout } = spawnSync("npm", ["ls", "--all", "--parseable"], { cwd: place, encoding: "utf8" });
    expect(stdout.trim().split("\n")).toHaveLength(2);
  });

  test("judges the files of the folder that it runs in, by the same exit codes", () => {
    const { status, stdout } = run("bad.yaml", "--only", "no-privileged", "--kubernetes-version", "1.36");
    expect([status, stdout]).toEqual([1, expect.stringContaining("  bad.yaml:9:9: Pod q/p: ")]);
    expect(stdout).toContain(
      '  bad.yaml:10:9: Pod q/p: spec.containers[0].securityContext.runasuser: Kubernetes 1.36 has no field "runasuser" here; did you mean "runAsUser"?',
    );
    expect(run("nowhere.yaml").status).toBe(2);
    expect(run("--help").stdout).toContain("Exit code: 0");
  });

  test("brings the pages that its findings link to", () => {
    const { stdout } = run("bad.yaml", "--only", "no-privileged", "--output", "sarif");
    const log = JSON.parse(stdout) as { runs: { tool: { driver: { rules: { helpUri: string }[] } } }[] };
    const address = new URL(log.runs[0].tool.driver.rules[0].helpUri);
    const page = readFileSync(fileURLToPath(new URL(address.pathname, "file:///")), "utf8");
    expect(page).toContain("no-privileged");
  });
});

test("the pre-commit hook names a program of this tree", () => {
  const hooks = parse(readFileSync(join(ROOT, ".pre-commit-hooks.yaml"), "utf8")) as {
    id: string;
    entry: string;
    language: string;
  }[];
  expect(hooks.map(({ id, language }) => [id, language])).toEqual([["atlas-site-policy-check", "script"]]);
  expect(existsSync(join(ROOT, hooks[0].entry))).toBe(true);
  const { status, stdout } = spawnSync(join(ROOT, hooks[0].entry), ["--quiet", "--allow-no-objects", "bad.yaml"], {
    cwd: place,
    encoding: "utf8",
  });
  expect([status, stdout]).toEqual([1, expect.stringContaining("no-privileged")]);
});
