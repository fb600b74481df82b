/** A site after somebody did what a message says: the advice read as literally as it is written. */
import { parse } from "yaml";
import { sectionNames } from "../../stacks/site/load";
import type { Path, Problem } from "../../stacks/site/problem";

type Container = Record<string | number, unknown>;

/** The changed sections, and where the value stands now. */
export interface Followed {
  readonly sections: Record<string, unknown>;
  readonly path: Path;
}

/** Advice that leaves a choice to the administrator, by its first words: nothing there can be followed to the letter. */
const FREE =
  /^(use (a|disks|fewer)|use the class|make (a|the) pool|put all|shorten|name (the|fewer)|name your|widen |remove the (pool|bastion)|add |give |set |rename|keep one|replace the|raise [a-z-]+ ?it|secrets are|the disk|have )/;

/** Whether the advice is one that names what to write or to remove. */
export function isLiteral({ fix }: Problem): boolean {
  return fix !== undefined && !FREE.test(fix);
}

/**
 * Does what a problem's advice says.
 * @param sections as written in the stack file
 * @throws Error for advice in words this reader does not know: a new form needs a line here
 */
export function followed(sections: Readonly<Record<string, unknown>>, problem: Problem): Followed {
  const [fix = "", raise] = (problem.fix ?? "").split(", and raise ");
  if (raise !== undefined) {
    const first = followed(sections, { ...problem, fix: `raise ${raise}` });
    return followed(first.sections, { ...problem, fix });
  }
  const copy = structuredClone(sections) as Record<string, unknown>;
  const last = problem.path.at(-1) ?? "";
  const renames = /^(unknown key|got the name)/.test(problem.seen);
  if (/^remove (it|the section)/.test(fix)) {
    remove(copy, problem.path);
    return { sections: copy, path: problem.path };
  }
  const meant = /^did you mean "(.*)"\?$/.exec(fix)?.[1];
  const written = /^write (?:e\.g\. )?(.*?)(?: or more)?(?:,? (?:to try|or) .*)?$/.exec(fix)?.[1];
  const raised = /^raise ([\w.-]+) to (\d+)/.exec(fix);
  if (raised?.[1] !== undefined) {
    const path = raised[1].split(".");
    place(copy, path, Number(raised[2]));
    return { sections: copy, path: problem.path };
  }
  const text = meant ?? written;
  if (text === undefined) {
    throw new Error(`advice that cannot be followed: ${fix}`);
  }
  if (renames) {
    const path = [...problem.path.slice(0, -1), plain(text) as string];
    place(copy, path, valueAt(copy, problem.path));
    remove(copy, problem.path);
    return { sections: copy, path };
  }
  const quoted = /^(.*) (in|without) quotes$/.exec(text);
  const value =
    quoted?.[2] === "without" ? Number(quoted[1]) : meant === undefined ? plain(quoted?.[1] ?? text) : meant;
  const [only, ...more] = isMapping(value) ? Object.entries(value) : [];
  if (only !== undefined && more.length === 0 && /^[a-z][\w.]*: /.test(text)) {
    const [key, inner] = only;
    // A whole path, or a key: the problem's own or its neighbour.
    const path = key.includes(".")
      ? key.split(".")
      : sectionNames.includes(key)
        ? [key]
        : [...problem.path.slice(0, -1), key];
    place(copy, path, inner);
    return { sections: copy, path: problem.path };
  }
  if (typeof last === "string" && problem.seen.startsWith("got a label")) {
    const path = [...problem.path.slice(0, -1), plain(text) as string];
    place(copy, path, valueAt(copy, problem.path));
    remove(copy, problem.path);
    return { sections: copy, path };
  }
  place(copy, problem.path, value);
  return { sections: copy, path: problem.path };
}

/** A value as YAML reads it in a stack file. */
function plain(text: string): unknown {
  return parse(text) as unknown;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Container | null | undefined)?.[key], root);
}

function place(root: Record<string, unknown>, path: Path, value: unknown): void {
  const parent = path
    .slice(0, -1)
    .reduce<Container>((inner, key) => (inner[key] ??= {}) as Container, root as Container);
  parent[path.at(-1) ?? ""] = value;
}

function remove(root: Record<string, unknown>, path: Path): void {
  const parent = valueAt(root, path.slice(0, -1)) as Container | unknown[];
  const key = path.at(-1) ?? "";
  if (Array.isArray(parent)) {
    parent.splice(Number(key), 1);
  } else {
    delete parent[key];
  }
}
