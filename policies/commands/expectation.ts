/** What a corpus says about its files by their names alone. */
import type { Policy } from "../model/policy";

/** What the author of a file says about it. */
export type Expectation = "good" | "bad";

const WORDS: Readonly<Record<string, Expectation>> = {
  good: "good",
  pass: "good",
  passes: "good",
  passing: "good",
  success: "good",
  allowed: "good",
  valid: "good",
  compliant: "good",
  bad: "bad",
  fail: "bad",
  fails: "bad",
  failing: "bad",
  failure: "bad",
  disallowed: "bad",
  denied: "bad",
  invalid: "bad",
  noncompliant: "bad",
};

/** Words of a piece of a path: `podcontroller-good02` has `podcontroller` and `good`. */
function wordsOf(piece: string): string[] {
  return piece.toLowerCase().match(/[a-z]+/g) ?? [];
}

/**
 * What a path says: the last word for good or bad in the file's name, else in the nearest folder that has one.
 * `not-allowed` is bad.
 */
export function expectationOf(path: string): Expectation | undefined {
  for (const piece of path.split("/").reverse()) {
    const words = wordsOf(piece);
    for (let index = words.length - 1; index >= 0; index -= 1) {
      const said = WORDS[words[index]];
      if (said !== undefined) {
        return words[index - 1] === "not" ? (said === "good" ? "bad" : "good") : said;
      }
    }
  }
  return undefined;
}

/** A name without case, punctuation and number at the end: `Host_Ports12` and `hostPorts` are the same. */
function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/\d+$/, "");
}

/** Names under which somebody else may know a policy. */
function namesOf({ name, frameworks }: Policy): string[] {
  const controls = frameworks.flatMap(({ control }) => control.replace(/^\w+: /, "").split(", "));
  return [name, ...controls].map(bare).filter((text) => text.length > 3);
}

/** Policies that a path names by their own name or by that of a control they stand for; none when it names none. */
export function policiesNamedIn<P extends Policy>(path: string, policies: readonly P[]): P[] {
  const pieces = path
    .replace(/\.\w+$/, "")
    .split("/")
    .map(bare);
  return policies.filter((policy) => namesOf(policy).some((name) => pieces.includes(name)));
}
