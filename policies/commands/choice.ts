/** Which policies a command runs, and with which settings: what its options come to. */
import { allPolicies } from "../all";
import { configSchema } from "../config/schema";
import type { Run, SingleObjectPolicy } from "../model/judge";
import { defaultSettings, type Settings } from "../model/settings";
import type { ObjectSetPolicy, Policy, Severity } from "../model/policy";
import { SEVERITIES } from "../output/report";

/** Levels of the Pod Security Standards. */
export const PROFILES = ["baseline", "restricted"] as const;

/** A policy that can judge files. */
export type FilePolicy = SingleObjectPolicy | ObjectSetPolicy;

/** Policies that judge files: those on resources and stacks need a deployment. */
export const filePolicies: readonly FilePolicy[] = allPolicies.filter(
  (policy) => policy.kind !== "resource" && policy.kind !== "stack",
);

/** Settings in which the pack says what the Pod Security Standards say: they know no exception for a folder or an object. */
export const standardsOnly: Partial<Settings> = { hostPaths: [], unconfinedNamespaces: [], exemptions: [] };

/** Policies that a level of the Pod Security Standards consists of. */
export function policiesOf(profile: "baseline" | "restricted", policies: readonly FilePolicy[]): FilePolicy[] {
  const levels = profile === "restricted" ? ["baseline", "restricted"] : ["baseline"];
  return policies.filter((policy) => policy.kind === "pod" && levels.includes(policy.profile ?? ""));
}

/** Options that choose. */
export interface Choice {
  readonly profile?: (typeof PROFILES)[number];
  /** Names; empty: all. */
  readonly policies: readonly string[];
  /** Names of policies that are left out. */
  readonly exclude?: readonly string[];
  /** Policies of a lower severity are left out. */
  readonly severity?: Severity;
  /** Names of policies that are advisory in this run. */
  readonly lower?: readonly string[];
  /** `key=JSON`, laid over the settings. */
  readonly set: readonly string[];
}

type Setting = Exclude<keyof typeof configSchema.shape, "$schema">;

/** Settings that an option may change: those of a settings file. */
const SETTINGS = Object.keys(configSchema.shape).filter((key): key is Setting => key !== "$schema");

/** A command that cannot be carried out as it was given. */
export class UsageError extends Error {}

/**
 * A value among those allowed.
 * @throws UsageError when it is another one
 */
export function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value !== undefined && !(allowed as readonly string[]).includes(value)) {
    throw new UsageError(`--${option} is "${value}"; allowed are ${allowed.join(", ")}`);
  }
  return value as T | undefined;
}

/** The day, `YYYY-MM-DD`. */
export function today(now = new Date()): string {
  return now.toISOString().slice(0, "YYYY-MM-DD".length);
}

/**
 * Policies as chosen among some.
 * @throws UsageError when there is no policy of a name
 */
export function chosenAmong<P extends Policy>(
  among: readonly P[],
  { policies: only, exclude = [], severity = "low", lower = [] }: Choice,
): P[] {
  const names = new Set(among.map(({ name }) => name));
  const strange = [...only, ...exclude, ...lower].filter((name) => !names.has(name));
  if (strange.length > 0) {
    const which = strange.map((name) => `"${name}"`).join(", ");
    throw new UsageError(`there is no policy ${which} here; there are: ${[...names].join(", ")}`);
  }
  const least = SEVERITIES.indexOf(severity);
  return among
    .filter(({ name }) => (only.length === 0 || only.includes(name)) && !exclude.includes(name))
    .filter((policy) => SEVERITIES.indexOf(policy.severity) >= least)
    .map((policy) => (lower.includes(policy.name) ? { ...policy, level: "advisory" } : policy));
}

/**
 * Policies that judge files, as chosen.
 * @throws UsageError when there is no policy of a name
 */
export function chosenPolicies(choice: Choice): FilePolicy[] {
  const chosen = chosenAmong(filePolicies, choice);
  return choice.profile === undefined ? chosen : policiesOf(choice.profile, chosen);
}

/**
 * Settings of a run: the given ones, as the options change them.
 * @throws UsageError when a setting is unknown, or its value no JSON or none that it may have
 */
export function chosenRun(choice: Choice, settings: Settings = defaultSettings, day = today()): Run {
  const pure = choice.profile === undefined ? {} : standardsOnly;
  return {
    settings: { ...settings, ...pure, ...changesOf(choice) },
    today: day,
  };
}

/**
 * Settings that the options change.
 * @throws UsageError when a setting is unknown, or its value no JSON or none that it may have
 */
export function changesOf({ set }: Choice): Partial<Settings> {
  return Object.fromEntries(set.map(changeOf));
}

function changeOf(text: string): [string, unknown] {
  const [, key, json] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || json === undefined || !SETTINGS.includes(key as Setting)) {
    throw new UsageError(`--set ${text}: write KEY=JSON with one of these keys: ${SETTINGS.join(", ")}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UsageError(
      `--set ${text}: "${json}" is no JSON (${String(error)}); a text needs quotes of its own: ${key}='"…"'`,
    );
  }
  const { success, error } = configSchema.shape[key as Setting].safeParse(value);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => [...path, message].join(": "));
    throw new UsageError(`--set ${text}: ${problems.join("; ")}`);
  }
  return [key, value];
}
