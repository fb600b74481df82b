/**
 * A run as a text for reviewers: every resource with inputs and options. Secrets are masked. Of resources that differ in
 * little, such as the machines of a pool, the first is shown in full and the others by what is different.
 */
import { Document, isMap, isSeq, visit } from "yaml";
import { describeAll, type Description } from "./description";
import { steadier } from "./recordedTexts";
import type { Properties } from "./properties";
import type { Recording } from "./recorder";

/** Resources that differ in more than this are shown in full. */
const MOST_DIFFERENCES = 8;

/** A resource in full, and those of its kind that differ from it in little. */
interface Shown extends Description {
  readonly others?: Properties[];
}

/** Key under which the others stand. */
const OTHERS = "others";

/** Every value inside another by its path, lists and maps that are empty included. */
function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
    return [[path, value]];
  }
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

/** What is different in the second; undefined when they have not the same keys or differ in too much. */
function differences(first: Description, second: Description): Properties | undefined {
  const [one, other] = [leaves(first), leaves(second)];
  if (one.length !== other.length || one.some(([path], index) => path !== other[index]?.[0])) {
    return undefined;
  }
  const found = other.filter(([, value], index) => value !== one[index]?.[1] && !bothEmpty(value, one[index]?.[1]));
  return found.length > MOST_DIFFERENCES ? undefined : Object.fromEntries(found);
}

function bothEmpty(one: unknown, other: unknown): boolean {
  return typeof one === "object" && typeof other === "object" && JSON.stringify(one) === JSON.stringify(other);
}

/** What resources of one kind have in common: type, parent, and the name without the numbers at its end. */
function kind({ type, parent, name }: Description): string | undefined {
  const base = /^(.*?)(-\d+)+$/.exec(name)?.[1];
  return base === undefined ? undefined : `${type} ${parent} ${base}`;
}

/** Folds resources of one kind into their first. */
function folded(all: readonly Description[]): Shown[] {
  const firsts = new Map<string, Shown & { others: Properties[] }>();
  const shown: Shown[] = [];
  for (const description of all) {
    const key = kind(description);
    const first = key === undefined ? undefined : firsts.get(key);
    const different = first === undefined ? undefined : differences(withoutOthers(first), description);
    if (first !== undefined && different !== undefined) {
      first.others.push(different);
      continue;
    }
    const own = { ...description, [OTHERS]: [] as Properties[] };
    if (key !== undefined && first === undefined) {
      firsts.set(key, own);
    }
    shown.push(own);
  }
  return shown.map((one) => (one.others?.length === 0 ? withoutOthers(one) : one));
}

function withoutOthers({ type, name, parent, options, inputs }: Shown): Description {
  return Object.fromEntries(
    Object.entries({ type, name, parent, options, inputs }).filter(([, value]) => value !== undefined),
  ) as unknown as Description;
}

/** The dump of a run, in YAML. */
export function dump(recording: Recording): string {
  const shown = folded(describeAll(recording, steadier(recording)));
  const document = new Document(shown, { aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, pair) => {
      const { key, value } = pair as { key: { value?: unknown }; value: unknown };
      if (key.value === OTHERS && isSeq(value)) {
        value.items.filter(isMap).forEach((item) => (item.flow = true));
        return visit.SKIP;
      }
      return undefined;
    },
  });
  document.commentBefore = ` ${recording.requests.length} resources; written by \`npm run dump\`, compared in the tests.`;
  return document.toString({ lineWidth: 0, blockQuote: "literal", flowCollectionPadding: true });
}
