import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Present } from "./missing";

const run = promisify(execFile);

/**
 * Looks at this machine: what the store holds, and which Pulumi and plugins are installed.
 *
 * @param store folder of built binaries; need not exist
 * @param cacheDir folders below it are skipped on PATH, or a toolchain would find itself there
 */
export async function lookAround(store: string, cacheDir: string): Promise<Present> {
  return {
    stored: new Set(namesIn(store)),
    installedPulumi: await installedPulumi(cacheDir),
    installedPlugins: installedPlugins(process.env.PULUMI_HOME || join(homedir(), ".pulumi")),
  };
}

async function installedPulumi(cacheDir: string): Promise<Present["installedPulumi"]> {
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter((name) => name !== "")) {
    const [pulumi, languageHost] = [join(folder, "pulumi"), join(folder, "pulumi-language-nodejs")];
    if (!isProgram(pulumi) || folder.startsWith(cacheDir)) continue;
    if (!isProgram(languageHost)) return undefined;
    const { stdout } = await run(pulumi, ["version"], {
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return { version: stdout.trim(), pulumi: realpathSync(pulumi), languageHost: realpathSync(languageHost) };
  }
  return undefined;
}

/** Plugins as `pulumi plugin install` lays them out: `plugins/resource-NAME-vVERSION/pulumi-resource-NAME`. */
export function installedPlugins(pulumiHome: string): Map<string, string> {
  const found = new Map<string, string>();
  const plugins = join(pulumiHome, "plugins");
  for (const entry of namesIn(plugins)) {
    const parts = /^resource-(.+)-v(\d+\.\d+\.\d+.*)$/.exec(entry);
    if (!parts) continue;
    const path = join(plugins, entry, `pulumi-resource-${parts[1]}`);
    if (isProgram(path)) found.set(`${parts[1]}@${parts[2]}`, path);
  }
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
