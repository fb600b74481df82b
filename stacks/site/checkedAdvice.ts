/** Advice that the cross-checks accept too: the schema's examples know nothing of the site they are written into. */
import { z } from "zod";
import { crossCheck } from "./checks";
import { pathText, type Problem, type SchemaProblem } from "./problem";
import { repaired } from "./repair";
import { plainText } from "./schema/advice";
import { bare, schemaAt } from "./schema/walk";
import { siteSchema } from "./site";

/**
 * A problem of the schema with advice that works on this site: its own, another of the values that the schema allows, or
 * what the check that refuses them says.
 * @param sections as written
 * @param problems everything that the schema found wrong
 * @param problem one of them
 */
export function checkedAdvice(
  sections: Readonly<Record<string, unknown>>,
  problems: readonly SchemaProblem[],
  problem: SchemaProblem,
): Problem {
  const { path, advised, seen } = problem;
  if (advised === undefined) {
    return problem;
  }
  const refusal = (value: unknown): Problem | undefined => {
    const { site, damaged } = repaired(sections, problems, { path, value });
    const found = site === undefined ? [] : crossCheck(site, damaged);
    return found.find((one) => pathText(one.path) === pathText(path));
  };
  const refused = refusal(advised.value);
  if (refused === undefined) {
    return problem;
  }
  const schema = schemaAt(siteSchema, path, sections);
  const plain = schema === undefined ? undefined : bare(schema);
  const others = plain instanceof z.ZodEnum ? plain.options : [];
  const accepted = others.find((value) => refusal(value) === undefined);
  if (accepted !== undefined) {
    const key = seen === "missing" ? `${path.at(-1)}: ` : "";
    return { ...problem, fix: `write e.g. ${key}${plainText(accepted)}` };
  }
  // What is to be changed elsewhere is to be changed as well, not instead.
  const fix = /^raise /.test(refused.fix ?? "") ? `${problem.fix}, and ${refused.fix}` : refused.fix;
  return { ...problem, fix };
}
