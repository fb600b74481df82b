/**
 * Part of the build that is mutated: all that the fixtures of the policies demand, as checks of their own. It stands in for
 * vitest, too, so that tests over lists of members run here as they are.
 */
import { judged, told, verdictOf, type CaseFile, type Cases, type MoreCases } from "../unit/policies/policyCases";

/** One demand. */
export interface Check {
  readonly title: string;
  /** @throws Error when it does not hold */
  run(): void;
}

const QUIET = ["pass", "notApplicable", "unknown"] as const;

function demand(holds: boolean): void {
  if (!holds) {
    throw new Error("the fixture does not hold");
  }
}

function quietChecks({ policy, ...cases }: MoreCases, kind: (typeof QUIET)[number]): Check[] {
  return Object.entries(cases[kind] ?? ({} as Cases)).map(([title, one]) => ({
    title: `${policy.name} ${kind}: ${title}`,
    run: () => {
      const { given, settings } = typeof one === "object" && "given" in one ? one : { given: one, settings: {} };
      const judgements = judged(policy, given, settings);
      demand(verdictOf(judgements) === kind && told(judgements).length === 0);
    },
  }));
}

/** All cases of a file. */
export function checksIn({ cases = [], more = [] }: CaseFile): Check[] {
  return [...cases, ...more].flatMap(checksOf);
}

function checksOf(cases: MoreCases): Check[] {
  const { policy, fail = {} } = cases;
  const failing = Object.entries(fail).map(([title, { given, tells, settings }]) => ({
    title: `${policy.name} fails: ${title}`,
    run: () => {
      const judgements = judged(policy, given, settings);
      demand(verdictOf(judgements) === "fail" && told(judgements).join("\n").includes(tells));
    },
  }));
  return [...failing, ...QUIET.flatMap((kind) => quietChecks(cases, kind))];
}

const collected: Check[] = [];

/** The tests that the files of tests have declared so far. */
export function collectedTests(): readonly Check[] {
  return collected;
}

type Body = (...row: never[]) => void;

/** `test` of vitest: notes the body. */
export const test = Object.assign((title: string, body: () => void) => void collected.push({ title, run: body }), {
  each: (rows: readonly unknown[]) => (title: string, body: Body) =>
    rows.forEach((row, index) =>
      collected.push({
        title: `${title} (${index})`,
        run: () => (body as (...row: unknown[]) => void)(...(Array.isArray(row) ? (row as unknown[]) : [row])),
      }),
    ),
});

/** `describe` of vitest. */
export const describe = (_: string, body: () => void): void => body();

/** `expect` of vitest, its own: the program puts it there before it runs the build. */
export const { expect } = globalThis as unknown as { expect: unknown };
