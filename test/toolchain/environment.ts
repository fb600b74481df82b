import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { inventory } from "./inventory";
import type { Toolchain } from "./toolchain";

/**
 * Puts the toolchain's resource plugins where Pulumi keeps installed ones, as `pulumi plugin install --file` does.
 * Pulumi also finds them on PATH, but then prints a warning for each, and `pulumi package` does not look there at all.
 *
 * @param home the PULUMI_HOME to fill; safe to repeat
 */
export function installPlugins(toolchain: Toolchain, home: string): void {
  for (const { binary } of inventory()) {
    const plugin = /^pulumi-resource-(.+)$/.exec(binary.name);
    const built = join(toolchain.binDir, binary.name);
    if (!plugin || !existsSync(built)) continue;
    const folder = join(home, "plugins", `resource-${plugin[1]}-v${binary.version}`);
    mkdirSync(folder, { recursive: true });
    const place = join(folder, binary.name);
    if (linkTarget(place) === built) continue;
    rmSync(place, { force: true });
    symlinkSync(built, place);
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Environment variables with which `pulumi` runs from the toolchain: offline, quiet, apart from the user's own Pulumi.
 * They are meant to be laid over `process.env`; the backend's address and passphrase are the caller's business.
 *
 * @param home a PULUMI_HOME of the caller's own; the plugins are installed into it
 */
export function pulumiEnvironment(toolchain: Toolchain, home: string): Record<string, string> {
  installPlugins(toolchain, home);
  return {
    PATH: [toolchain.binDir, process.env.PATH ?? ""].join(delimiter),
    PULUMI_HOME: home,
    // Plugins on PATH would go before those just installed, with a warning for each at every run.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // As the program's own tsconfig.pulumi.json has it, for the small programs of the tests as well.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
  };
}
