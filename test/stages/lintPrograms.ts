/** Lints every shell and Python program of the tree: shellcheck and ruff, the latter by `ruff.toml`. */
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { lintersFolder } from "./linters";

const ROOT = join(__dirname, "..", "..");

function main(): void {
  const folder = lintersFolder();
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.sh"], {
    cwd: ROOT,
  });
  const scripts = list.toString().split("\0").filter(Boolean);
  const runs: readonly [string, readonly string[]][] = [
    ["shellcheck", scripts],
    ["ruff", ["check", "."]],
  ];
  const failed = runs.filter(
    ([program, args]) => spawnSync(join(folder, program), args, { cwd: ROOT, stdio: "inherit" }).status !== 0,
  );
  console.log(
    `${scripts.length} shell programs and all Python files linted; ${failed.length} of ${runs.length} linters failed`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main();
