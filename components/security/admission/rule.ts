/** What an admission rule is. Rules are data: rendered into policies, into documentation, and tested one by one. */

/** The names a rule's expressions may use; `policy.ts` says what each stands for in each kind of object. */
export const VARIABLES = ["pod", "annotations", "nodeName", "containers", "ephemeralContainers", "volumes"] as const;

/**
 * A rule on a pod. Each expression is CEL and true of what is allowed; those a rule has must all hold. Optional fields are
 * written `?field`, with what absence means as `orValue`.
 */
export interface Rule {
  /** Unique; stands in the message, in the tests and in docs/security.md. */
  readonly name: string;
  /** Expression about the pod: `variables.pod` is its spec. */
  readonly pod?: string;
  /** Expression about each container `c`: ordinary, init and ephemeral ones alike. */
  readonly container?: string;
  /** Expression about each volume `v`. */
  readonly volume?: string;
  /** Field the rule is about, below the pod's spec. */
  readonly field: string;
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

/** Whether all of a rule holds, as one expression. */
export function holds(rule: Rule): string {
  const parts = [
    ...(rule.pod === undefined ? [] : [`(${rule.pod})`]),
    ...(rule.container === undefined
      ? []
      : [`variables.containers.all(c, ${rule.container})`, `variables.ephemeralContainers.all(c, ${rule.container})`]),
    ...(rule.volume === undefined ? [] : [`variables.volumes.all(v, ${rule.volume})`]),
  ];
  return parts.join(" && ");
}

/** Names of what breaks a rule, as one expression that gives a text. */
export function offenders(rule: Rule): string {
  const lists = [
    ...(rule.pod === undefined ? [] : [`((${rule.pod}) ? [] : ['the pod itself'])`]),
    ...(rule.container === undefined
      ? []
      : ["containers", "ephemeralContainers"].map(
          (list) => `variables.${list}.filter(c, !(${rule.container})).map(c, 'container ' + c.name)`,
        )),
    ...(rule.volume === undefined ? [] : [`variables.volumes.filter(v, !(${rule.volume})).map(v, 'volume ' + v.name)`]),
  ];
  return `(${lists.join(" + ")}).join(', ')`;
}
