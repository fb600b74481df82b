/** What the commands say when they are asked for help: it must cost nothing, make nothing and ask nobody. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../support/sites";

/** Loading a program takes a second or two, and many more where other tests run beside it. */
const DEADLINE_MS = 120_000;

/** Runs a command with no other program on its path, so that it could start nothing. */
function run(program: string, ...args: string[]) {
  const command = ["--import", join(ROOT, "node_modules/tsx/dist/loader.mjs"), join(ROOT, program), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: ROOT,
    encoding: "utf8",
    env: { PATH: "/nonexistent" },
    timeout: DEADLINE_MS,
  });
  return { status, stdout, stderr };
}

/** Every npm script that runs a program of the tree: name and program. */
const scripts = Object.entries(
  (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts,
).flatMap(([name, command]) => {
  const program = /^sh test\/run\.sh (\S+)/.exec(command)?.[1];
  return program === undefined ? [] : [[name, program, ...command.split(" ").slice(3)] as const];
});

test.each(scripts)(
  "npm run %s -- --help prints a usage text that names the command, and writes no file",
  (name, program, ...words) => {
    // Only temporary files: where the loader keeps what it has compiled.
    const permissions = ["--experimental-permission", "--allow-fs-read=*", `--allow-fs-write=${tmpdir()}/*`];
    const loader = ["--allow-worker", "--no-warnings", "--import", join(ROOT, "node_modules/tsx/dist/loader.mjs")];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...permissions, ...loader, join(ROOT, program), ...words, "--help"],
      { cwd: ROOT, encoding: "utf8", env: { PATH: "/nonexistent" }, timeout: DEADLINE_MS },
    );
    expect([stderr, status]).toEqual(["", 0]);
    expect(stdout).toMatch(program === "test/all.ts" ? /^npm test/ : new RegExp(`npm run ${name}`));
  },
  DEADLINE_MS,
);

test.each([
  ["stacks/site/commands/plan.ts", [], /^npm run plan -- STACK[^]*Stacks: .*uvic/],
  ["test/generate/cli.ts", ["--check"], /^npm run generate/],
  ["stacks/site/commands/cli.ts", ["handover", "uvic"], /^ {2}handover STACK \[FOLDER\]$/m],
  ["stacks/site/commands/policySite.ts", [], /^npm run policy:site -- STACK/],
  ["policies/commands/checkCli.ts", [], /^npm run policy:check -- FILE/],
  ["test/bench/rebuild.ts", [], /^npm run bench:rebuild/],
  ["test/bench/policies.ts", [], /^npm run bench:policies/],
])(
  "%s %j --help tells what it does, and does nothing",
  (program, words, text) => {
    const { status, stdout, stderr } = run(program, ...words, "--help");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(text);
  },
  DEADLINE_MS,
);

test.each([
  ["test/generate/cli.ts", ["uvic"]],
  ["test/generate/cli.ts", ["--chek"]],
  ["stacks/site/commands/policySite.ts", ["uvic", "--outputs", "json"]],
  ["test/bench/rebuild.ts", ["--dwon"]],
])(
  "%s refuses %j before it does anything",
  (program, words) => {
    expect(run(program, ...words).status).toBe(2);
  },
  DEADLINE_MS,
);
