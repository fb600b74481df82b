/** Advice that the cross-checks accept too: the schema's examples know nothing of the site they are written into. */
import { pathText, type Path, type Problem, type SchemaProblem } from "./problem";
import { plainText } from "./schema/advice";

type Sections = Readonly<Record<string, unknown>>;

/** The sections with a value at a path, whose parent is there. */
function withValue(sections: Sections, path: Path, value: unknown): Sections {
  const copy = structuredClone(sections) as Record<string | number, unknown>;
  const parent = path.slice(0, -1).reduce<unknown>((inner, key) => (inner as typeof copy | undefined)?.[key], copy);
  if (typeof parent === "object" && parent !== null) {
    (parent as typeof copy)[path.at(-1) ?? ""] = value;
  }
  return copy;
}

/**
 * A problem of the schema with advice that works on this site: its own, another of the values that the schema allows, or
 * what the check that refuses them says.
 * @param sections as written
 * @param problem found in them
 * @param problemsOf all problems of sections, by schema and checks
 */
export function checkedAdvice(
  sections: Sections,
  problem: SchemaProblem,
  problemsOf: (sections: Sections) => readonly Problem[],
): Problem {
  const { path, advised, seen } = problem;
  if (advised === undefined) {
    return problem;
  }
  const own = pathText(path);
  const refusal = (value: unknown) =>
    problemsOf(withValue(sections, path, value)).find((one) => pathText(one.path) === own);
  const refused = refusal(advised.value);
  if (refused === undefined) {
    return problem;
  }
  const accepted = advised.others?.find((value) => refusal(value) === undefined);
  if (accepted !== undefined) {
    const key = seen === "missing" ? `${path.at(-1)}: ` : "";
    return { ...problem, fix: `write e.g. ${key}${plainText(accepted)}` };
  }
  // What is to be changed elsewhere is to be changed as well, not instead.
  const fix = /^raise /.test(refused.fix ?? "") ? `${problem.fix}, and ${refused.fix}` : refused.fix;
  return { ...problem, fix };
}
