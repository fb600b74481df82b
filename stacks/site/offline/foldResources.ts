/** Stores each resource once: those that differ in few values become a list of differences from the first. */
import type { Description } from "./description";
import type { Properties } from "./properties";

/** Resources that differ in more values than this are shown in full. */
const MOST_DIFFERENCES = 8;

/** A resource and the sites that have exactly this one. */
export interface SitedResource {
  readonly description: Description;
  readonly sites: readonly string[];
}

/** A resource in full. */
export interface FoldedResource extends Description {
  /** Sites that have it; absent: every site. */
  readonly sites?: readonly string[];
  /** Similar resources, each as path and value of what differs; `sites` where those differ from the sites of the first. */
  readonly others?: readonly Properties[];
}

interface Base {
  readonly resource: SitedResource;
  readonly values: ReadonlyMap<string, unknown>;
  readonly others: Properties[];
}

/**
 * Folds resources into the first similar one: same type, parent and keys, a name that differs in its trailing numbers at most.
 * @param all in the order they shall be shown
 * @param everySite sites of the dump
 */
export function foldResources(all: readonly SitedResource[], everySite: readonly string[]): FoldedResource[] {
  const bases = new Map<string, Base[]>();
  const shown: Base[] = [];
  for (const resource of mergedSites(all)) {
    const values = new Map(leaves(resource.description));
    const kind = kindOf(resource.description);
    const similar = bases.get(kind) ?? [];
    const fold = similar
      .map((base) => ({ base, different: differences(base.values, values) }))
      .find(({ different }) => different !== undefined);
    if (fold?.different !== undefined) {
      fold.base.others.push({ ...differentSites(fold.base.resource, resource), ...fold.different });
      continue;
    }
    const base = { resource, values, others: [] };
    bases.set(kind, [...similar, base]);
    shown.push(base);
  }
  return shown.map(({ resource: { description, sites }, others }) => {
    const { type, name, parent, options, inputs } = description;
    return present({
      type,
      name,
      parent,
      sites: sites.length === everySite.length ? undefined : sites,
      options,
      inputs,
      others: others.length === 0 ? undefined : others,
    });
  });
}

/** Equal resources of several sites as one. */
function mergedSites(all: readonly SitedResource[]): SitedResource[] {
  const merged = new Map<string, SitedResource>();
  for (const resource of all) {
    const key = JSON.stringify(resource.description);
    const sites = [...(merged.get(key)?.sites ?? []), ...resource.sites];
    merged.set(key, { description: resource.description, sites });
  }
  return [...merged.values()];
}

/** What similar resources have in common: type, parent, and the name without the numbers at its end. */
function kindOf({ type, parent, name }: Description): string {
  return `${type} ${parent} ${name.replace(/(-\d+)+$/, "")}`;
}

/** Every value inside another by its path. Empty ones and lists without objects are values themselves. */
function leaves(value: unknown, path = ""): [string, unknown][] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const isList = Array.isArray(value) && !value.some((item) => typeof item === "object" && item !== null);
  return inner.length === 0 || isList
    ? [[path, value]]
    : inner.flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

/** Values of the second that differ; undefined when the keys are not the same or too many values differ. */
function differences(
  first: ReadonlyMap<string, unknown>,
  second: ReadonlyMap<string, unknown>,
): Properties | undefined {
  if (first.size !== second.size || [...second.keys()].some((path) => !first.has(path))) {
    return undefined;
  }
  const found = [...second].flatMap(([path, value]) => valueDifferences(path, first.get(path), value));
  return found.length > MOST_DIFFERENCES ? undefined : Object.fromEntries(found);
}

/** Lists of one length differ in items; of other lists the items that one has and the other has not are shown. */
function valueDifferences(path: string, first: unknown, second: unknown): [string, unknown][] {
  if (JSON.stringify(first) === JSON.stringify(second)) {
    return [];
  }
  if (!Array.isArray(first) || !Array.isArray(second)) {
    return [[path, second]];
  }
  if (first.length === second.length) {
    return second.flatMap((item, index) => valueDifferences(`${path}.${index}`, first[index], item));
  }
  const [without, more] = [outside(first, second), outside(second, first)];
  const isSameOrder = JSON.stringify(outside(first, without)) === JSON.stringify(outside(second, more));
  const change = { ...(without.length > 0 && { without }), ...(more.length > 0 && { with: more }) };
  return [[path, isSameOrder ? change : second]];
}

/** Items of the first list that the second has not. */
function outside(first: readonly unknown[], second: readonly unknown[]): unknown[] {
  return first.filter((item) => !second.includes(item));
}

function differentSites(first: SitedResource, second: SitedResource): Properties {
  return first.sites.join() === second.sites.join() ? {} : { sites: second.sites };
}

function present(resource: FoldedResource): FoldedResource {
  return Object.fromEntries(
    Object.entries(resource).filter(([, value]) => value !== undefined),
  ) as unknown as FoldedResource;
}
