import type { Binary, Module } from "./module";

/** What was found on this machine. */
export interface Present {
  /** File names in the store of built binaries. */
  stored: ReadonlySet<string>;
  /** Pulumi installed on PATH with its Node language host beside it. */
  installedPulumi?: { version: string; pulumi: string; languageHost: string };
  /** Resource plugins in Pulumi's own plugin folder, by `name@version`, e.g. `kubernetes@4.34.2`, to their path. */
  installedPlugins: ReadonlyMap<string, string>;
}

/** One binary, and the key its build is kept under. */
export interface Wanted {
  binary: Binary;
  module: Module;
  key: string;
}

/** Where each wanted binary comes from. */
export interface Decision {
  /** To be built: module by module, in the order of the inventory. */
  build: { module: Module; wanted: Wanted[] }[];
  /** Binary name → file name in the store. */
  stored: Map<string, string>;
  /** Binary name → path of an installed one. */
  installed: Map<string, string>;
}

/** Oldest installed Pulumi that is used instead of building: the first with the built-in `pulumi.Stash` in daily use. */
export const oldestPulumi = "3.240.0";

/** Name of a built binary in the store. */
export function storedName(wanted: Wanted): string {
  return `${wanted.binary.name}-${wanted.key}`;
}

/**
 * Decides for each wanted binary whether it is there already, comes from an installed Pulumi, or must be built.
 *
 * Pulumi and its language host are taken from one place, never one built and one installed: they speak a private
 * protocol. A plugin is taken only at exactly the version its npm SDK asks for.
 */
export function missing(wanted: readonly Wanted[], present: Present): Decision {
  const decision: Decision = { build: [], stored: new Map(), installed: new Map() };
  for (const item of wanted) {
    const installed = installedFor(item.binary, present);
    if (installed !== undefined) {
      decision.installed.set(item.binary.name, installed);
    } else if (present.stored.has(storedName(item))) {
      decision.stored.set(item.binary.name, storedName(item));
    } else {
      const group = decision.build.find((entry) => entry.module === item.module);
      if (group) group.wanted.push(item);
      else decision.build.push({ module: item.module, wanted: [item] });
    }
  }
  return decision;
}

function installedFor(binary: Binary, present: Present): string | undefined {
  const pulumi = present.installedPulumi;
  if (pulumi && !isOlder(pulumi.version, oldestPulumi)) {
    if (binary.name === "pulumi") return pulumi.pulumi;
    if (binary.name === "pulumi-language-nodejs") return pulumi.languageHost;
  }
  const plugin = /^pulumi-resource-(.+)$/.exec(binary.name);
  return plugin ? present.installedPlugins.get(`${plugin[1]}@${binary.version}`) : undefined;
}

/** Whether a version is older than another; a leading `v` and what follows a `-` or `+` are not looked at. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => text.replace(/^v/, "").split(/[-+]/)[0].split(".").map(Number);
  const [a, b] = [numbers(version), numbers(than)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i] ?? 0, b[i] ?? 0];
    if (left !== right) return left < right;
  }
  return false;
}
