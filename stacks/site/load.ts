/** From a stack file, or from Pulumi's configuration, to a site that is right in every part, or to all its problems. */
import { z } from "zod";
import { capabilities } from "../../components/cluster/capabilities";
import { requiredSecrets } from "../../components/features/features";
import { crossCheck } from "./checks";
import { checkedAdvice } from "./checkedAdvice";
import { problemText, SiteError, type Path, type Problem, type SchemaProblem } from "./problem";
import { secretKeys, type SecretKey } from "./configKeys";
import { repaired } from "./repair";
import { schemaProblems } from "./schema/problems";
import { schemaAt } from "./schema/walk";
import { siteSchema, type Site } from "./site";
import { readStackFile } from "./stackFile";
import type { OddNumber } from "./yamlLines";

/** The sections of a site, in the order of the schema. */
export const sectionNames: readonly string[] = Object.keys(siteSchema.shape);

/**
 * Reads a site from its stack file.
 * @param stack name of the stack, for the message
 * @param content of the stack file, as bytes or text
 * @param file path of the stack file as the reader knows it, e.g. `stacks/Pulumi.lab.yaml`
 * @returns the site with its defaults, frozen in all depth
 * @throws SiteError with one line a problem, `file:line key: what was seen, what is expected; how to fix it`
 */
export function loadSite(stack: string, content: string | Uint8Array, file: string): Site {
  const read = readStackFile(content, sectionNames);
  const odd = read.oddNumbers.map(oddNumberProblem);
  const found = read.sound
    ? judge(read.sections, [...read.doubtful, ...odd.map(({ path }) => path)])
    : { problems: [] };
  const problems = [...read.problems, ...odd, ...found.problems, ...missingSecrets(found.site, read.secrets)];
  if (problems.length > 0 || found.site === undefined) {
    const placed = problems.map((problem) => ({ problem, line: problem.line ?? read.lineOf(problem.path) }));
    placed.sort((one, other) => one.line - other.line);
    throw new SiteError(
      `${file} (stack ${stack})`,
      placed.map(({ problem, line }) => problemText(problem, file, line)),
    );
  }
  return frozen(found.site);
}

/**
 * Reads a site from configuration that came without a file (Automation API, tests).
 * @param get value of a section, undefined when there is none: `(section) => config.getObject(section)`
 * @returns the site with its defaults, frozen in all depth
 * @throws SiteError as {@link loadSite}, without file and line
 */
export function siteFromConfig(get: (section: string) => unknown): Site {
  const given = sectionNames.map((name) => [name, get(name)] as const).filter(([, value]) => value !== undefined);
  const { site, problems } = judge(Object.fromEntries(given));
  if (problems.length > 0 || site === undefined) {
    throw new SiteError(
      "the stack's configuration",
      problems.map((problem) => problemText(problem)),
    );
  }
  return frozen(site);
}

/**
 * The site when schema and cross-checks are content; else all that is wrong.
 * @param doubtful paths of values that have a problem already: nothing is said of them and concluded from them
 */
export function judge(
  sections: Readonly<Record<string, unknown>>,
  doubtful: readonly Path[] = [],
): { site?: Site; problems: Problem[] } {
  const { site, bySchema, crossed } = found(sections, doubtful);
  const problemsOf = (changed: Readonly<Record<string, unknown>>) => {
    const after = found(changed, doubtful);
    return [...after.bySchema, ...after.crossed];
  };
  return { site, problems: [...bySchema.map((problem) => checkedAdvice(sections, problem, problemsOf)), ...crossed] };
}

/** What schema and cross-checks find, each by itself; the site when that is nothing. */
function found(
  sections: Readonly<Record<string, unknown>>,
  doubtful: readonly Path[],
): { site?: Site; bySchema: SchemaProblem[]; crossed: Problem[] } {
  const isDoubtful = (path: Path) => doubtful.some((one) => one.every((key, i) => String(key) === String(path[i])));
  const bySchema = schemaProblems(siteSchema, sections).filter(({ path }) => !isDoubtful(path));
  const parsed = bySchema.length === 0 ? siteSchema.safeParse(sections) : undefined;
  if (parsed?.success === true) {
    const crossed = crossCheck(parsed.data, doubtful);
    return { site: crossed.length === 0 ? parsed.data : undefined, bySchema, crossed };
  }
  // Cross-checks that do not depend on a broken value still have their say, so that one run tells everything.
  const { site, damaged } = repaired(sections, bySchema);
  return { bySchema, crossed: site === undefined ? [] : crossCheck(site, [...damaged, ...doubtful]) };
}

/** A number that is written in another way than people write numbers: as text where only text is allowed, else plainly. */
function oddNumberProblem({ path, line, source, value }: OddNumber): Problem {
  const schema = schemaAt(siteSchema, path, {});
  const isText = schema !== undefined && z.safeParse(schema, source).success;
  return {
    path,
    line,
    seen: `got ${source}, which YAML reads as the number ${value}`,
    expected: isText ? "text" : "a number without leading zeros, base or sign",
    fix: isText ? `write "${source}" in quotes` : `write ${value}`,
  };
}

/** Secrets the site cannot do without. Without a file, the layer that needs one says so. */
function missingSecrets(site: Site | undefined, present: readonly string[]): Problem[] {
  if (site === undefined) {
    return [];
  }
  const ofCluster = { key: "kubeconfig", path: ["cluster", "provisioner"] };
  return [...(capabilities(site).kubeconfig === "secret" ? [ofCluster] : []), ...requiredSecrets(site)]
    .filter(({ key }) => !present.includes(key))
    .map(({ key, path }) => ({
      path: [...path],
      seen: `the secret atlas-site:${key} is missing`,
      fix: `set it by: ${secretKeys[key as SecretKey]}`,
    }));
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
