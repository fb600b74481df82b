/** Cross-checks: what no single value shows. Pure functions of a site; each says which values it draws its conclusion from. */
import type { Path, Problem } from "./problem";
import type { Site } from "./site";

/** A rule on several values of a site. */
export interface Check {
  /** What the check makes sure of, in a few words. */
  readonly title: string;
  /** Paths the conclusion rests on, `*` for any name: when one of them is broken, the check has nothing to say. */
  readonly needs: readonly string[];
  /** Everything wrong by this rule. */
  run(site: Site): Problem[];
}

/** Every cross-check, in the order their problems are told. */
export const checks: readonly Check[] = [];

/**
 * Runs the cross-checks that the damaged values leave a ground for.
 * @param damaged paths of values that are stand-ins
 */
export function crossCheck(site: Site, damaged: readonly Path[]): Problem[] {
  return checks
    .filter((check) => !check.needs.some((need) => damaged.some((path) => touches(need.split("."), path))))
    .flatMap((check) => check.run(site));
}

/** Whether a damaged path is above, at or below what a pattern means. */
function touches(pattern: readonly string[], path: Path): boolean {
  const length = Math.min(pattern.length, path.length);
  return pattern.slice(0, length).every((key, i) => key === "*" || key === String(path[i]));
}
