/** What an admission rule is. Rules are data: rendered into policies, into documentation, and tested one by one. */

/**
 * A rule on a pod. Each expression is CEL and true of what is allowed; those a rule has must all hold. Optional fields are
 * written `?field`, with what absence means as `orValue`; the names under `variables.` are made in policy.ts.
 */
export interface Rule {
  /** Unique; stands in the message, in the tests and in docs/security.md. */
  readonly name: string;
  /** The Pod Security Standard it restates for the queues' namespaces, or `site`: what no standard knows of. */
  readonly standard: "baseline" | "restricted" | "site";
  /** Expression about the pod: `variables.pod` is its spec. */
  readonly pod?: string;
  /** Expression about each container `c`: ordinary, init and ephemeral ones alike. */
  readonly container?: string;
  /** Expression about each volume `v`. */
  readonly volume?: string;
  /** What the table of fields finds, as a variable of policy.ts: a text, '' where nothing is wrong. */
  readonly table?: "unknownFields" | "wrongValues";
  /** Fields the rule is about, below the pod's spec. */
  readonly fields: readonly string[];
  /** What the submitter has to do. */
  readonly advice: string;
  /** What the rule keeps from happening. */
  readonly why: string;
}

/** A list of texts as CEL writes it. */
export function celList(texts: readonly string[]): string {
  return `[${texts.map(celText).join(", ")}]`;
}

/** A text as CEL writes it. */
export function celText(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}

/** Lists of containers of a pod. Each is of a type of its own, so the API's type checker takes no list of them all. */
const LISTS = ["containers", "initContainers", "ephemeralContainers"];

/** Whether all of a rule holds, as one expression. */
export function holds({ pod, container, volume, table }: Rule): string {
  return [
    ...(table === undefined ? [] : [`variables.${table} == ''`]),
    ...(pod === undefined ? [] : [`(${pod})`]),
    ...(container === undefined ? [] : LISTS.map((list) => `variables.${list}.all(c, ${container})`)),
    ...(volume === undefined ? [] : [`variables.volumes.all(v, ${volume})`]),
  ].join(" && ");
}

/** Names of what breaks a rule, as one expression that gives a text. */
export function offenders({ pod, container, volume, table }: Rule): string {
  if (table !== undefined) {
    return `variables.${table}`;
  }
  const named = (list: string, item: string, holdsFor: string, what: string) =>
    `variables.${list}.filter(${item}, !(${holdsFor})).map(${item}, '${what} ' + ${item}.name)`;
  const lists = [
    ...(pod === undefined ? [] : [`((${pod}) ? [] : ['the pod itself'])`]),
    ...(container === undefined ? [] : LISTS.map((list) => named(list, "c", container, "container"))),
    ...(volume === undefined ? [] : [named("volumes", "v", volume, "volume")]),
  ];
  return `(${lists.join(" + ")}).join(', ')`;
}
