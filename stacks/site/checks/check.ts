/** What a cross-check is. */
import type { Path, Problem } from "../problem";
import type { Cloud, Pool, Site } from "../site";

/** A rule on several values of a site. */
export interface Check {
  /** What the check makes sure of, in a few words; also its name in the tests. */
  readonly title: string;
  /**
   * Paths of the values the conclusion rests on, `*` for any name, `.**` at the end for everything below: when one of
   * them is broken, the check has nothing to say.
   */
  readonly needs: readonly string[];
  /** Everything wrong by this rule. */
  run(site: Site): Problem[];
}

/** A check that has something to say only about sites with machines of their own. */
export function cloudCheck(
  title: string,
  needs: readonly string[],
  run: (cloud: Cloud, site: Site) => Problem[],
): Check {
  return { title, needs, run: (site) => (site.cloud === undefined ? [] : run(site.cloud, site)) };
}

/** Pools by name, in the order of the stack file. */
export function poolsOf(cloud: Cloud): [string, Pool][] {
  return Object.entries(cloud.pools);
}

/** An address range of the site and where it is written. */
export interface Named {
  readonly path: Path;
  readonly cidr: string;
}

/** One problem, or none when `wrong` does not hold. */
export function when(wrong: boolean, problem: Problem): Problem[] {
  return wrong ? [problem] : [];
}
