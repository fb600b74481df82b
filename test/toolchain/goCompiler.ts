import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { standardLibraryCache } from "./buildCaches";
import { buildEnvironment } from "./cacheKey";
import { isOlder } from "./missing";

const run = promisify(execFile);

/** Oldest Go that builds all modules: the `go` line of their go.mod files. */
export const oldestGo = "1.26.0";

/**
 * Environment in which Go runs, with its caches below ours, so that one folder holds everything that can be reused.
 *
 * @param buildCache folder for compiled packages
 */
export function goEnvironment(cacheDir: string, buildCache: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...buildEnvironment,
    GOCACHE: buildCache,
    GOMODCACHE: join(cacheDir, "go", "mod"),
  };
}

/**
 * The same for `go build`. Compilers live for seconds, and much of their time is garbage collection: with a heap that
 * grows fivefold between collections, k8s.io/api/core/v1 took 5.2 instead of 6.8 s of processor time (2026-11-30), and
 * 634 instead of 394 MB. Above the memory limit they collect as usual.
 */
export function buildProcessEnvironment(cacheDir: string, buildCache: string): NodeJS.ProcessEnv {
  return { ...goEnvironment(cacheDir, buildCache), GOGC: "400", GOMEMLIMIT: "1500MiB" };
}

/**
 * Asks Go for its version and target, in a module folder, where an older Go of 1.21 or later fetches the one that the
 * module names.
 *
 * @throws Error when there is no Go, or one too old; says how to get it
 */
export async function findGo(moduleFolder: string, cacheDir: string): Promise<{ version: string; platform: string }> {
  const seen = await run("go", ["env", "GOVERSION", "GOOS", "GOARCH"], {
    cwd: moduleFolder,
    env: goEnvironment(cacheDir, standardLibraryCache(cacheDir)),
  }).catch((error: NodeJS.ErrnoException & { stderr?: string }) => {
    throw new Error(goAdvice(error.code === "ENOENT" ? "there is no `go` on PATH" : (error.stderr ?? error.message)));
  });
  const [version, system, machine] = seen.stdout.trim().split("\n");
  if (isOlder(version.replace(/^go/, ""), oldestGo)) throw new Error(goAdvice(`\`go\` on PATH is ${version}`));
  return { version, platform: `${system}/${machine}` };
}

function goAdvice(seen: string): string {
  return [
    `The toolchain is built with Go ${oldestGo} or later, but ${seen.trim()}.`,
    "Any Go from 1.21 on will do with GOTOOLCHAIN=auto (its default): it fetches the right one from the module proxy.",
    "Else unpack the archive that the Go project publishes for this platform and put its bin folder on PATH.",
  ].join("\n");
}
