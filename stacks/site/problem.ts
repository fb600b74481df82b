/** One thing wrong with a site, and the error that tells all of them at once. */
import { RunError } from "@pulumi/pulumi/errors";

/** Where a value stands in a site: section, key, key, … */
export type Path = readonly (string | number)[];

/** One thing wrong with a site: where, what was seen, what is allowed, how to fix it. */
export interface Problem {
  /** The key concerned; for a missing key the key itself, though it is not there. */
  readonly path: Path;
  /** What was seen there, e.g. `got "eight"`. */
  readonly seen: string;
  /** What is allowed there, e.g. `a whole number ≥ 1`. */
  readonly expected?: string;
  /** How to fix it, e.g. `write e.g. 8`. */
  readonly fix?: string;
  /** Line in the stack file where it is not simply the line of the key: a syntax error, a key written twice. */
  readonly line?: number;
  /** For a misspelt key: the missing key it was meant as. */
  readonly meant?: Path;
}

/**
 * What the schema found wrong: a key it does not know, a key of a free mapping whose name it refuses, a key that must be
 * there, or a value of another kind than allowed.
 */
export type SchemaProblemKind = "unknownKey" | "badName" | "missing" | "badValue";

/** A problem that the schema found; what becomes of the value is decided by its kind. */
export interface SchemaProblem extends Problem {
  readonly kind: SchemaProblemKind;
  /** The value that `fix` says to write, where it says one. */
  readonly advised?: { readonly value: unknown; readonly others?: readonly unknown[] };
}

/** Dotted text of a path: `cloud.apiEndpoint.allowedCidrs[0]`. */
export function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`)).join("");
}

/** Short text of a value in a message, in the stack file's own notation. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) {
    return "nothing";
  }
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** The line a reader gets for a problem. `line` is absent when the values did not come from a file. */
export function problemText(problem: Problem, file?: string, line?: number): string {
  const where = file === undefined ? "" : `${file}:${line ?? 1} `;
  const expected = problem.expected === undefined ? "" : `, expected ${problem.expected}`;
  const fix = problem.fix === undefined ? "" : `; ${problem.fix}`;
  const what = problem.path.length === 0 ? "" : `${pathText(problem.path)}: `;
  return `${where}${what}${problem.seen}${expected}${fix}`;
}

/**
 * A site that cannot be built as it is written. The message has one line a problem. Pulumi shows a `RunError` without
 * a stack trace, so the reader sees these lines and nothing else.
 */
export class SiteError extends RunError {
  override readonly name = "SiteError";

  /**
   * @param source what was read, e.g. `stacks/Pulumi.lab.yaml` or `configuration of stack lab`
   * @param lines one text a problem
   */
  constructor(
    source: string,
    readonly lines: readonly string[],
  ) {
    const number = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
    super(`${number} in ${source}, nothing was created:\n${lines.map((line) => `  ${line}`).join("\n")}`);
    // Pulumi colours every trace it gets, and on Node 20 that takes it 20 s of processor time (our measurement).
    this.stack = undefined;
  }
}
