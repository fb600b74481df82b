/** The linters of programs that are not TypeScript, installed once into the cache from Python's package index. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../toolchain/cache";

const PACKAGES = join(__dirname, "linters.txt");

/**
 * Folder with `ruff` and `shellcheck` in the versions of `linters.txt`.
 * @throws Error when there is no Python with venv, or the index cannot be reached
 */
export function lintersFolder(): string {
  const version = createHash("sha256").update(readFileSync(PACKAGES)).digest("hex").slice(0, 12);
  const folder = join(cacheDir(), `linters-${version}`);
  if (!existsSync(folder)) {
    // Renamed when complete, so that an interrupted installation is not mistaken for one.
    const building = `${folder}.building-${process.pid}`;
    mkdirSync(cacheDir(), { recursive: true });
    try {
      execFileSync("python3", ["-m", "venv", building]);
      const pip = [join(building, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check"] as const;
      execFileSync(pip[0], [...pip.slice(1), "--only-binary", ":all:", "--requirement", PACKAGES]);
      renameSync(building, folder);
    } catch (error) {
      rmSync(building, { recursive: true, force: true });
      if (!existsSync(folder)) {
        const fix = "fix: Python 3 with venv (Debian: python3-venv) and access to Python's package index";
        throw new Error(`the linters of test/stages/linters.txt could not be installed; ${fix}`, { cause: error });
      }
    }
  }
  return join(folder, "bin");
}
