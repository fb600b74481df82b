/** The run of `npm run test:mutation`: changes each condition, one at a time, and reports what no fixture catches. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import "./expect.mjs";
import { mutantsOf, type Mutant } from "./mutants.mjs";
import { tried } from "./trial.mjs";
import { asUncaught, record, recorded, without, type Uncaught } from "./uncaught.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const GROUPS = ["cloud", "cluster", "jobs", "monitoring", "namespaces", "pods", "rbac", "stack"];

function policyFiles(): string[] {
  return GROUPS.flatMap((group) =>
    readdirSync(join(ROOT, "policies", group))
      .filter((file) => file.endsWith(".ts") && file !== "index.ts")
      .map((file) => join(ROOT, "policies", group, file)),
  );
}

/** As many of the files, in an order that their own texts decide. */
function sampled(files: readonly string[], number: number): string[] {
  const all = createHash("sha256");
  files.forEach((file) => all.update(readFileSync(file)));
  const seed = all.digest("hex");
  const drawn = (file: string) => createHash("sha256").update(seed).update(relative(ROOT, file)).digest("hex");
  return [...files].sort((one, other) => (drawn(one) < drawn(other) ? -1 : 1)).slice(0, number);
}

function listed(title: string, some: readonly Uncaught[]): string[] {
  const short = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
  const lines = some.map(
    ({ file, kind, original, replacement }) => `  ${file}: ${kind}: ${short(original)} → ${short(replacement)}`,
  );
  return some.length === 0 ? [] : [title, ...lines];
}

function counted(mutants: readonly Mutant[], missed: ReadonlySet<Mutant>): string[] {
  return GROUPS.map((group) => {
    const own = mutants.filter(({ file }) => relative(ROOT, file).startsWith(`policies/${group}/`));
    return { group, all: own.length, caught: own.filter((one) => !missed.has(one)).length };
  })
    .filter(({ all }) => all > 0)
    .map(({ group, all, caught }) => `${group}: ${caught} of ${all}`);
}

/** What to run. */
export interface Choice {
  /** Text that a file's path must hold. */
  readonly only: string;
  /** How many files; all where it is absent. */
  readonly sample?: number;
  /** Whether to write what is not caught into `uncaught.json`. */
  readonly record: boolean;
}

/** Runs and reports; the result is the exit code. */
export async function mutate({ only, sample, record: writes }: Choice): Promise<number> {
  const chosen = policyFiles().filter((file) => relative(ROOT, file).includes(only));
  const files = sample === undefined ? chosen : sampled(chosen, sample);
  const whole = files.length === policyFiles().length;
  const { mutants, texts } = await mutantsOf(files);
  const judging = mutants.filter(({ ignored }) => ignored === undefined);
  const outcomes = await tried(texts, mutants, judging);
  const missed = outcomes.filter(({ caughtBy }) => caughtBy === undefined).map(({ mutant }) => mutant);
  const uncaught = missed.map(asUncaught);
  if (writes && whole) {
    record(judging.length, uncaught);
  }
  const here = new Set(files.map((file) => relative(ROOT, file)));
  const known = recorded().uncaught.filter(({ file }) => here.has(file));
  const fresh = without(uncaught, known);
  const stale = without(known, uncaught);
  const lines = [
    ...counted(judging, new Set(missed)),
    ...listed("No fixture catches:", fresh),
    ...listed("In uncaught.json, and caught (fix: npm run test:mutation -- policies --record):", stale),
    `${judging.length - missed.length} of ${judging.length} mutants of ${files.length} files are caught; ` +
      `${known.filter(({ reason }) => reason !== undefined).length} of the others are explained in uncaught.json`,
  ];
  console.info(lines.join("\n"));
  return fresh.length + stale.length === 0 ? 0 : 1;
}
