/** A site with mistakes, made whole with examples, so that the cross-checks can judge the parts that are right. */
import type { Path, SchemaProblem } from "./problem";
import { exampleOf, schemaAt } from "./schema/walk";
import { siteSchema, type Site } from "./site";

/** A site with stand-ins where the written one was wrong. */
export interface Repaired {
  /** Absent when the stand-ins did not make it whole. */
  readonly site?: Site;
  /** Where the stand-ins are: nothing may be concluded from these values. */
  readonly damaged: readonly Path[];
}

/**
 * Removes unknown keys and puts the schema's examples in the place of wrong and missing values.
 * @param sections the sections as written
 * @param problems what the schema found wrong with them
 */
export function repaired(sections: Readonly<Record<string, unknown>>, problems: readonly SchemaProblem[]): Repaired {
  const copy = structuredClone(sections) as Record<string, unknown>;
  const damaged: Path[] = [];
  for (const problem of problems) {
    const path = problem.path;
    const schema = schemaAt(siteSchema, path, copy);
    if (problem.kind === "unknownKey" || schema === undefined) {
      remove(copy, path);
    } else if (problem.kind === "badName") {
      // What has a bad name is right in itself but cannot be found by its name: the whole mapping is in doubt.
      remove(copy, path);
      damaged.push(path.slice(0, -1));
      continue;
    } else if (typeof path.at(-1) === "number") {
      // An example could be the same as another item of a set, so the list goes on without this one.
      place(copy, path, DROPPED);
      damaged.push(path.slice(0, -1));
    } else {
      place(copy, path, exampleOf(schema));
      damaged.push(path);
    }
    if (problem.meant !== undefined) {
      const meant = schemaAt(siteSchema, problem.meant, copy);
      place(copy, problem.meant, meant === undefined ? undefined : exampleOf(meant));
      damaged.push(problem.meant);
    }
  }
  const result = siteSchema.safeParse(withoutDropped(copy, []));
  return { site: result.success ? result.data : undefined, damaged };
}

/** Stands for a wrong item of a list until all are known. */
const DROPPED = Symbol("dropped");

/** A copy without the wrong items; a list of nothing else gets its example. */
function withoutDropped(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) {
    const kept = value.filter((item) => item !== DROPPED).map((item, i) => withoutDropped(item, [...path, i]));
    return kept.length > 0 || value.length === 0 ? kept : undefined;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const inner = withoutDropped(item, [...path, key]);
      const list = inner === undefined && Array.isArray(item) ? schemaAt(siteSchema, [...path, key], value) : undefined;
      return [key, list === undefined ? inner : exampleOf(list)];
    }),
  );
}

type Container = Record<string | number, unknown>;

function parentOf(root: Container, path: Path): Container | undefined {
  return path.slice(0, -1).reduce<Container | undefined>((inner, key) => inner?.[key] as Container | undefined, root);
}

function place(root: Container, path: Path, value: unknown): void {
  const parent = parentOf(root, path);
  const key = path.at(-1);
  if (typeof parent === "object" && parent !== null && key !== undefined) {
    parent[key] = value;
  }
}

function remove(root: Container, path: Path): void {
  const parent = parentOf(root, path);
  const key = path.at(-1);
  if (typeof parent === "object" && parent !== null && key !== undefined) {
    delete parent[key];
  }
}
