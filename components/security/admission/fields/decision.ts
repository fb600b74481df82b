/**
 * What a decision on a field is. Every field of a Job is decided in the tables beside this file: admission policies,
 * docs/job-fields.md and the tests are made from them. Plain data that imports nothing, so that others may read it too.
 */

/** What an allowed field may hold. Without a bound and without a rule it may hold whatever the API takes. */
export type Bound =
  /** One of these values. */
  | { readonly kind: "oneOf"; readonly values: readonly (string | number | boolean)[] }
  /** A number from `min` to `max`, both included. */
  | { readonly kind: "range"; readonly min: number; readonly max: number; readonly unit: string }
  /** A text of at most so many characters. */
  | { readonly kind: "text"; readonly most: number }
  /** A text that this regular expression (RE2 and JavaScript) matches; `says` is the expression for people. */
  | { readonly kind: "pattern"; readonly pattern: string; readonly says: string }
  /** At most so many items of a list or entries of a map; the values of a map of at most so many characters. */
  | { readonly kind: "items"; readonly most: number; readonly text?: number }
  /** A map with no other keys than these. */
  | { readonly kind: "keys"; readonly names: readonly string[] };

/** A field that no Job and no pod of a queue may have, with everything below it. */
export interface Refused {
  readonly use: "refused";
  /** What it would open, or why the Job could never run. */
  readonly why: string;
}

/** A field that may be there. */
export interface Permitted {
  /**
   * `allowed`: in Jobs and pods. `added`: in pods only, where the API server or a controller writes it; a Job that brings it
   * is refused.
   */
  readonly use: "allowed" | "added";
  /** What it is for. */
  readonly why: string;
  /** Names of the rules that judge its content. */
  readonly rules?: readonly string[];
  readonly bound?: Bound;
  /** A Job without it is refused; a pod need not have it. */
  readonly required?: true;
  /** Fields of the object it holds. */
  readonly of?: Fields;
  /** Fields of each object in the list it holds. */
  readonly each?: Fields;
}

/** What is decided on a field. */
export type Decision = Refused | Permitted;

/** What is decided on each field of an object. */
export type Fields = Readonly<Record<string, Decision>>;

type Details = Omit<Permitted, "use" | "why">;

/** A field that may be there. */
export const allow = (why: string, details: Details = {}): Permitted => ({ use: "allowed", why, ...details });

/** A field that only the API server or a controller writes, and only into pods. */
export const added = (why: string, details: Details = {}): Permitted => ({ use: "added", why, ...details });

/** A field that may not be there. */
export const refuse = (why: string): Refused => ({ use: "refused", why });

/** The same refusal for several fields. */
export function refuseAll(why: string, ...names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, refuse(why)]));
}

/** A field whose content rules judge. */
export const ruled = (why: string, ...rules: readonly string[]): Permitted => allow(why, { rules });

/** A bound to these values. */
export const oneOf = (...values: readonly (string | number | boolean)[]): Bound => ({ kind: "oneOf", values });

/** A bound to a range. */
export const range = (min: number, max: number, unit: string): Bound => ({ kind: "range", min, max, unit });

/** A bound to a number of items or entries, and to the length of a map's values. */
export const items = (most: number, text?: number): Bound => ({
  kind: "items",
  most,
  ...(text === undefined ? {} : { text }),
});

/** A bound for people, e.g. `only 1` or `0 to 900 seconds`. */
export function boundText(bound: Bound): string {
  switch (bound.kind) {
    case "oneOf":
      return `only ${bound.values.join(" or ")}`;
    case "range":
      return `${bound.min} to ${bound.max}${bound.unit === "" ? "" : ` ${bound.unit}`}`;
    case "text":
      return `at most ${bound.most} characters`;
    case "pattern":
      return `only ${bound.says}`;
    case "items":
      return `at most ${bound.most}${bound.text === undefined ? "" : `, each of at most ${bound.text} characters`}`;
    case "keys":
      return `no keys but ${bound.names.join(", ")}`;
  }
}
