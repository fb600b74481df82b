/** The commands as a person runs them: what they print, and with which exit code they end. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../../../support/sites";

const folder = mkdtempSync(join(tmpdir(), "manifests-"));
const privileged = (on: boolean) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: a, securityContext: { privileged: ${on} } }] }\n`;
writeFileSync(join(folder, "good.yaml"), privileged(false));
writeFileSync(join(folder, "bad.yaml"), privileged(true));
afterAll(() => rmSync(folder, { recursive: true }));

function run(
  command: "corpusCli" | "checkCli" | "previewCli",
  ...argv: string[]
): { code: number | null; text: string } {
  const script = command === "corpusCli" ? "test/corpus/cli.ts" : `policies/commands/${command}.ts`;
  const { status, stdout, stderr } = spawnSync("sh", ["test/run.sh", script, ...argv], { cwd: ROOT, encoding: "utf8" });
  return { code: status, text: stdout + stderr };
}

describe("policy:corpus", () => {
  test("ends with 0 where all agree, with several policies, and tells which of them no verdict counts for", () => {
    const { code, text } = run("corpusCli", folder, "--policy", "no-privileged", "--policy", "no-node-ports");
    expect([code, text]).toEqual([0, expect.stringContaining("2 of 2 agree (2 files)")]);
    expect(text).toContain("No verdict here counts for:\n  no-node-ports");
  });

  test("ends with 1 where something does not agree, and says how often each way", () => {
    const { code, text } = run("corpusCli", folder, "--policy", "no-privileged", "--expect", "good");
    expect([code, text]).toEqual([
      1,
      expect.stringContaining("1 of 2 agree (2 files); 1 good called bad, 0 bad let be"),
    ]);
  });

  test("ends with 2 where nothing is compared, or the command is wrong", () => {
    expect(run("corpusCli", folder, "--policy", "no-node-ports", "--expect", "good").code).toBe(2);
    expect(run("corpusCli", folder, "--expects", "good")).toEqual({
      code: 2,
      text: expect.stringContaining("--help tells the options") as string,
    });
  });
});

describe("policy:check", () => {
  test("puts objects without a namespace where it is told", () => {
    const file = join(folder, "good.yaml");
    const argv = [file, "--only", "no-default-namespace", "--namespace"];
    expect(run("checkCli", ...argv, "default").code).toBe(1);
    expect(run("checkCli", ...argv, "queue")).toEqual({
      code: 0,
      text: expect.stringContaining("1 objects in 1 files: 0 mandatory"),
    });
  });
});

test("policy:check: paths are relative to the folder that npm was started in", () => {
  const { status, stdout } = spawnSync("sh", ["test/run.sh", "policies/commands/checkCli.ts", "bad.yaml"], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, INIT_CWD: folder },
  });
  expect([status, stdout]).toEqual([1, expect.stringContaining("\n  bad.yaml:4:")]);
});

describe("what is not there or cannot be read", () => {
  test("fails a corpus, although all that was compared agrees", () => {
    const broken = mkdtempSync(join(tmpdir(), "broken-"));
    writeFileSync(join(broken, "good.yaml"), `${privileged(false)}---\na: b: c\n`);
    const { code, text } = run("corpusCli", broken, "--policy", "no-privileged");
    rmSync(broken, { recursive: true });
    expect([code, text]).toEqual([1, expect.stringContaining("1 of 1 agree (1 files)")]);
  });

  test("is named when it is a place", () => {
    const { code, text } = run("checkCli", join(folder, "nowhere"));
    expect([code, text]).toEqual([2, expect.stringContaining("nowhere: there is no such file or folder")]);
  });

  test("is named when it is a stack", () => {
    const { code, text } = run("checkCli", folder, "--stack", "nope");
    expect([code, text]).toEqual([2, expect.stringContaining("stacks/Pulumi.nope.yaml")]);
  });
});

test.each([
  ["corpusCli", "--policy NAME"],
  ["checkCli", "--only NAME"],
] as const)("%s tells its options and exit codes", (command, option) => {
  const { code, text } = run(command, "--help");
  expect([code, text]).toEqual([0, expect.stringContaining("Exit code: 0")]);
  expect(text).toContain(option);
});

describe("policy:preview", () => {
  test("tells what it reads and its exit codes", () => {
    const { code, text } = run("previewCli", "--help");
    expect([code, text]).toEqual([0, expect.stringContaining("pulumi preview --json --show-sames")]);
    expect(text).toContain("Exit code: 0");
  });

  test("ends with 2 for what is no preview, and for an option it has not", () => {
    expect(run("previewCli", join(folder, "good.yaml"))).toEqual({
      code: 2,
      text: expect.stringContaining("this is not what `pulumi preview --json` writes") as string,
    });
    expect(run("previewCli", "--stack").code).toBe(2);
  });
});
