/** Tries mutants one after the other: which of them do the checks let pass? */
import { built } from "./build.mjs";
import type { Check } from "./checks.js";
import type { Mutant } from "./mutants.mjs";

/** Outcome of one mutant. */
export interface Outcome {
  readonly mutant: Mutant;
  /** The check that fails with it; undefined where all hold. */
  readonly caughtBy?: string;
}

/** What Stryker's instrumentation reads and writes. */
interface Switchboard {
  activeMutant?: string;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage?: {
    readonly static: Readonly<Record<string, number>>;
    readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
}

/** How often one mutant may be met before it is taken for an endless loop. */
const HIT_LIMIT = 1_000_000;

function failing(checks: readonly Check[]): string | undefined {
  for (const { title, run } of checks) {
    try {
      run();
    } catch {
      return title;
    }
  }
  return undefined;
}

/** Which checks reach each mutant, by its number, and each file's mutants together. */
function reached(board: Switchboard, mutants: readonly Mutant[]) {
  const byMutant = new Map<string, Set<number>>();
  for (const [check, met] of Object.entries(board.mutantCoverage?.perTest ?? {})) {
    for (const id of Object.keys(met)) {
      byMutant.set(id, (byMutant.get(id) ?? new Set()).add(Number(check)));
    }
  }
  const byFile = new Map<string, Set<number>>();
  for (const { id, file } of mutants) {
    byMutant.get(id)?.forEach((check) => byFile.set(file, (byFile.get(file) ?? new Set()).add(check)));
  }
  return { byMutant, byFile };
}

/**
 * Tries these mutants.
 * @param all every mutant of the texts
 * @param chosen those to try
 * @throws Error when a check fails without any mutant
 */
export async function tried(
  texts: ReadonlyMap<string, string>,
  all: readonly Mutant[],
  chosen: readonly Mutant[],
): Promise<Outcome[]> {
  const run = await built(texts);
  // A test that prints would print for every mutant.
  console.log = () => undefined;
  const board: Switchboard = {};
  (globalThis as { __stryker__?: Switchboard }).__stryker__ = board;
  const first = run();
  first.forEach((check, index) => {
    board.currentTestId = String(index + 1);
    check.run();
  });
  board.currentTestId = undefined;
  const { byMutant, byFile } = reached(board, all);
  const loaded = board.mutantCoverage?.static ?? {};
  return chosen.map((mutant) => {
    // What runs when a module is loaded may matter to every check that comes through its file.
    const numbers = loaded[mutant.id] === undefined ? byMutant.get(mutant.id) : byFile.get(mutant.file);
    Object.assign(board, { activeMutant: mutant.id, hitCount: 0, hitLimit: HIT_LIMIT });
    let caughtBy: string | undefined;
    try {
      const checks = run();
      const some =
        numbers && checks.length === first.length ? [...numbers].map((number) => checks[number - 1]) : checks;
      caughtBy = failing(some);
    } catch (error) {
      caughtBy = `loading: ${String(error)}`;
    }
    board.activeMutant = undefined;
    return { mutant, caughtBy };
  });
}
