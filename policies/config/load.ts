/** Settings of a run: the pack's own, those of `policy-config.json`, of the stack file, and of `config/<stack>.json`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "../model/judge";
import { defaultSettings, type Settings } from "../model/settings";
import { configSchema, type Config } from "./schema";
import { siteFacts } from "./siteFacts";

/** Texts of the files settings come from; undefined where there is none. */
export interface SettingsFiles {
  /** `policy-config.json`: for every site. */
  readonly everySite?: string;
  /** `Pulumi.<stack>.yaml`. */
  readonly stackFile?: string;
  /** `config/<stack>.json`: for this site, before all others. */
  readonly thisSite?: string;
}

/**
 * Settings from their files, each laid over those before. Exemptions and support dates add up, everything else replaces.
 * @throws Error when a file is no settings file: what, where, the value seen and what is allowed
 */
export function settingsFrom(files: SettingsFiles, today: string): Settings {
  const everySite = read(files.everySite, "policy-config.json");
  const { addedRegistries, ...facts } = siteFacts(files.stackFile);
  const thisSite = read(files.thisSite, "the stack's own settings file");
  const registries = thisSite.registries ?? everySite.registries ?? defaultSettings.registries;
  return {
    ...defaultSettings,
    ...everySite,
    ...facts,
    ...thisSite,
    // An empty list lets every registry pass, so nothing may be added to it.
    registries: registries.length === 0 ? [] : [...new Set([...registries, ...addedRegistries])],
    endOfLife: { ...defaultSettings.endOfLife, ...everySite.endOfLife, ...thisSite.endOfLife },
    exemptions: [...(everySite.exemptions ?? []), ...(thisSite.exemptions ?? [])],
    today,
  };
}

function read(text: string | undefined, file: string): Omit<Config, "$schema"> {
  if (text === undefined) {
    return {};
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`);
  }
  const { success, data, error } = configSchema.safeParse(json);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => {
      const seen = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], json);
      return `  ${path.join(".") || "(the file)"}: ${message}; it is ${JSON.stringify(seen) ?? "absent"}`;
    });
    throw new Error(`${file} cannot be used:\n${problems.join("\n")}\nAllowed is what policies/config/schema.ts says.`);
  }
  const settings = { ...data };
  delete settings.$schema;
  return settings;
}

/** Folder of the pack. */
const PACK = join(__dirname, "..");

function stackFiles(stack: string, project: string): string[] {
  return [join(project, "stacks", `Pulumi.${stack}.yaml`), join(project, `Pulumi.${stack}.yaml`)];
}

function settingsFile(stack: string): string {
  return join(PACK, "config", `${stack}.json`);
}

/** Whether there is any file about a stack of this name. */
export function knowsStack(stack: string, project: string): boolean {
  return [...stackFiles(stack, project), settingsFile(stack)].some((file) => existsSync(file));
}

/**
 * Settings of a stack, from its files.
 * @param project folder of the Pulumi project
 */
export function settingsOf(stack: string, project: string, today: string): Settings {
  return settingsFrom(
    {
      everySite: textOf(join(PACK, "policy-config.json")),
      stackFile: stackFiles(stack, project)
        .map(textOf)
        .find((text) => text !== undefined),
      thisSite: textOf(settingsFile(stack)),
    },
    today,
  );
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * Day and settings by the URN of any resource: the engine does not tell a pack the stack's name, but every URN holds it.
 * @param project folder of the Pulumi project
 */
export function runByUrn(project: string, today: string): (urn: string) => Run {
  const runs = new Map<string, Run>();
  return (urn) => {
    const stack = /^urn:pulumi:([^:]+)::/.exec(urn)?.[1] ?? "";
    const run = runs.get(stack) ?? { settings: settingsOf(stack, project, today), today };
    runs.set(stack, run);
    return run;
  };
}
