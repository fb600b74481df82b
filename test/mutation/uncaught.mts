/** Mutants that no fixture catches: `uncaught.json` holds each with the reason, or without one while it is open. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mutant } from "./mutants.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const FILE = join(here, "uncaught.json");
const ROOT = join(here, "../..");

/** A known mutant. It is known by its texts, since lines move. */
export interface Uncaught {
  readonly file: string;
  readonly kind: string;
  readonly original: string;
  readonly replacement: string;
  /** Why it changes nothing that a fixture could see; absent while nobody has looked. */
  readonly reason?: string;
}

/** Outcome of the last whole run. */
export interface Recorded {
  readonly mutants: number;
  readonly uncaught: readonly Uncaught[];
}

/** The last whole run, as recorded. */
export function recorded(): Recorded {
  return JSON.parse(readFileSync(FILE, "utf8")) as Recorded;
}

/** A mutant as it stands in the file. */
export function asUncaught({ file, kind, original, replacement }: Mutant): Uncaught {
  const line = (text: string) => text.replace(/\s+/g, " ");
  return { file: relative(ROOT, file), kind, original: line(original), replacement: line(replacement) };
}

function keyOf({ file, kind, original, replacement }: Uncaught): string {
  return [file, kind, original, replacement].join("\n");
}

/** Those of the first list that the second does not have, each as often as it stands more often. */
export function without(some: readonly Uncaught[], others: readonly Uncaught[]): Uncaught[] {
  const left = new Map<string, number>();
  others.forEach((one) => left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1));
  return some.filter((one) => {
    const number = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), number - 1);
    return number <= 0;
  });
}

/** Writes a whole run; reasons given before stay. */
export function record(mutants: number, uncaught: readonly Uncaught[]): void {
  const reasons = new Map(recorded().uncaught.map((one) => [keyOf(one), one.reason]));
  const sorted = uncaught
    .map((one) => ({ ...one, reason: reasons.get(keyOf(one)) }))
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  writeFileSync(FILE, `${JSON.stringify({ mutants, uncaught: sorted }, null, 2)}\n`);
}
