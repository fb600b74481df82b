/** A resource as a dump shows it: what it is, what it is made from, and the options that decide what an upgrade does. */
import { createHash } from "node:crypto";
import type { Properties } from "./properties";
import type { Recording, Request } from "./recorder";

/** A resource, with short names in place of URNs, and nothing that says no more than the default does. */
export interface Description {
  readonly type: string;
  readonly name: string;
  /** `<type>::<name>` of the parent. */
  readonly parent?: string;
  readonly options?: Properties;
  readonly inputs?: Properties;
}

/** The last type and the name of a URN: `kubernetes:core/v1:Namespace::harvester`. */
function shortName(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)}::${name}`;
}

function withoutDefaults(options: Properties): Properties | undefined {
  const told = Object.entries(options).filter(([, value]) => {
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "" && value !== false;
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

/** Resources of every component, in all depth: whoever waits for a component waits for each of them. */
function familiesOf(recording: Recording): Map<string, string[]> {
  const families = new Map<string, string[]>();
  for (const request of recording.requests.filter(({ custom }) => custom)) {
    for (const { urn } of recording.ancestors(request)) {
      families.set(urn, [...(families.get(urn) ?? []), request.urn]);
    }
  }
  return families;
}

/**
 * What it waits for by option; what its inputs come from it waits for anyway, and they show that themselves. A component
 * stands for its resources.
 */
function dependsOn(request: Request, families: ReadonlyMap<string, readonly string[]>): string[] {
  const implied = new Set(Object.values(request.inputDependencies).flat());
  const waited = new Set(request.dependsOn.filter((urn) => !implied.has(urn)));
  const whole = [...families]
    .filter(([, family]) => family.length > 1 && family.every((urn) => waited.has(urn)))
    .sort(([, one], [, other]) => other.length - one.length);
  const told: string[] = [];
  for (const [component, family] of whole) {
    if (family.filter((urn) => waited.delete(urn)).length > 0) {
      told.push(`${shortName(component)} and all in it`);
    }
  }
  return [...told, ...[...waited].map(shortName)].sort(compare);
}

/** The SDK itself names older versions of Kubernetes' APIs; only what the program calls an alias is told. */
function aliasesOf({ aliases, parent, type }: Request): string[] {
  const kind = type.split(":").at(-1);
  const ofSdk = (alias: string) => alias.startsWith(`${parent} kubernetes:`) && alias.endsWith(`:${kind}`);
  return aliases.filter((alias) => !ofSdk(alias)).sort(compare);
}

function optionsOf(request: Request, families: ReadonlyMap<string, readonly string[]>): Properties | undefined {
  return withoutDefaults({
    provider: request.provider === "" ? "" : shortName(request.provider.slice(0, request.provider.lastIndexOf("::"))),
    dependsOn: dependsOn(request, families),
    protect: request.protect,
    retainOnDelete: request.retainOnDelete,
    deleteBeforeReplace: request.deleteBeforeReplace,
    deletedWith: request.deletedWith === "" ? "" : shortName(request.deletedWith),
    replaceWith: request.replaceWith.map(shortName),
    replacementTrigger: request.replacementTrigger,
    replaceOnChanges: [...request.replaceOnChanges],
    ignoreChanges: [...request.ignoreChanges],
    secretOutputs: [...request.secretOutputs],
    aliases: aliasesOf(request),
  });
}

/** Texts with more lines than this are programs, whose changes a reviewer sees in their own files. */
const MOST_LINES = 80;

function shortened(text: string): string {
  const lines = text.split("\n");
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return lines.length <= MOST_LINES ? text : `${lines[0]} … ${lines.length} lines, sha256 ${digest} …`;
}

/** Keys in order, so that a dump does not depend on the order a program wrote them in. */
function sorted(value: unknown): unknown {
  if (typeof value === "string") {
    return shortened(value);
  }
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value as Properties).sort(([one], [other]) => compare(one, other));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

function compare(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

/** A resource with the short names of its ancestors, the outermost first, and its own. */
export interface Placed {
  readonly description: Description;
  readonly place: readonly string[];
}

/**
 * Every resource of a run.
 * @param steady takes out what differs from run to run
 */
export function describeAll(recording: Recording, steady: (value: unknown) => unknown): Placed[] {
  const families = familiesOf(recording);
  return recording.requests.map((request) => {
    const inputs = sorted(steady(request.visible)) as Properties;
    return {
      place: [...recording.ancestors(request).reverse(), request].map(({ urn }) => shortName(urn)),
      description: {
        type: request.type,
        name: request.name,
        ...(request.parent === "" ? {} : { parent: shortName(request.parent) }),
        ...optional("options", optionsOf(request, families)),
        ...optional("inputs", withoutDefaults({ inputs })?.inputs as Properties | undefined),
      },
    };
  });
}

/** Order of a dump: parents before their children, numbers in names by their value. */
export function byPlace(one: Placed, other: Placed): number {
  return compareLists(one.place, other.place);
}

function optional(key: string, value: Properties | undefined): Properties {
  return value === undefined || Object.keys(value).length === 0 ? {} : { [key]: value };
}

function compareLists(one: readonly string[], other: readonly string[]): number {
  const index = one.findIndex((item, at) => item !== other[at]);
  if (index < 0) {
    return one.length - other.length;
  }
  const [mine, theirs] = [one[index], other[index]];
  return mine === undefined || theirs === undefined ? one.length - other.length : compare(mine, theirs);
}
