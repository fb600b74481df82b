/** How often policies and the authors of a corpus agree: counts, and their sums. */
import type { Expectation } from "./expectation";

/** How often a policy (or all together) agreed. */
export interface Agreement {
  /** Bad, and found. */
  truePositives: number;
  /** Good, and let be. */
  trueNegatives: number;
  /** Good, and called bad. */
  falsePositives: number;
  /** Bad, and let be. */
  falseNegatives: number;
}

/** Nothing counted yet. */
export function nothing(): Agreement {
  return { truePositives: 0, trueNegatives: 0, falsePositives: 0, falseNegatives: 0 };
}

/** Counts one verdict. */
export function count(agreement: Agreement, expect: Expectation, violated: boolean): void {
  if (expect === "bad") {
    agreement[violated ? "truePositives" : "falseNegatives"] += 1;
  } else {
    agreement[violated ? "falsePositives" : "trueNegatives"] += 1;
  }
}

/** How many verdicts agree. */
export function agreed({ truePositives, trueNegatives }: Agreement): number {
  return truePositives + trueNegatives;
}

/** How many verdicts were compared. */
export function compared(agreement: Agreement): number {
  return Object.values(agreement).reduce((sum: number, number: number) => sum + number, 0);
}

/** Adds counts to others. */
export function add(sum: Agreement, more: Agreement): void {
  (Object.keys(sum) as (keyof Agreement)[]).forEach((key) => (sum[key] += more[key]));
}
