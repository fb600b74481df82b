/**
 * Mutants of the policies' conditions, made by Stryker's instrumenter: every mutant stands in the code beside the original
 * and is switched on by its number, so that one build serves all of them.
 */
import { readFileSync } from "node:fs";

import { Instrumenter } from "@stryker-mutator/instrumenter";

/** A change of one place in a policy. */
export interface Mutant {
  /** Number by which it is switched on. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Stryker's name for the kind of change, e.g. `EqualityOperator`. */
  readonly kind: string;
  readonly original: string;
  readonly replacement: string;
  /** Why it is not tried: it changes no condition, or a comment in the code says that it changes nothing. */
  readonly ignored?: string;
}

/** Mutants, and the texts of the files that hold them, by path. */
export interface Mutated {
  readonly mutants: readonly Mutant[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Keys of a policy's description: what they say is tested by the pages, not by the fixtures. */
const DESCRIPTION = new Set(["name", "title", "why", "level", "severity", "frameworks", "remediation", "profile"]);

/** Functions whose last argument is the text of a finding. */
const TEXTS = new Set(["violation", "notApplicable"]);

interface Node {
  readonly type: string;
  readonly computed?: boolean;
  readonly key?: { readonly name?: string };
  readonly name?: string;
  readonly callee?: Node;
  readonly arguments?: readonly unknown[];
  readonly operator?: string;
  readonly right?: unknown;
  readonly value?: unknown;
  readonly elements?: readonly unknown[];
}
interface Place {
  readonly node: Node;
  readonly parent: Node | null;
  readonly parentPath: Place | null;
}

/** Whether a key belongs to the constant that is the policy, and not to an object inside its check. */
function isDescription(path: Place): boolean {
  const { node, parentPath } = path;
  const inPolicy = parentPath?.parentPath?.node.type === "VariableDeclarator";
  return node.type === "ObjectProperty" && inPolicy && DESCRIPTION.has(node.key?.name ?? "");
}

/** Properties of a finding that judge nothing: its words, and "" for the object itself. */
const WORDS = new Set(["message", "notApplicable", "unknown"]);

/** Whether it is the text of a finding: the last argument of `violation`, or one of its properties. */
function isText({ node, parent }: Place): boolean {
  if (node.type === "ObjectProperty" && WORDS.has(node.key?.name ?? "")) {
    return true;
  }
  if (parent?.type === "ObjectProperty" && parent.key?.name === "path" && node.value === "") {
    return true;
  }
  const called = parent?.type === "CallExpression" && TEXTS.has(parent.callee?.name ?? "");
  const isReason = parent?.callee?.name === "notApplicable";
  return called && (isReason || parent.arguments?.at(-1) === node);
}

/** `""` and `[]` behind `??`, and as defaults: the change puts a text that no policy knows where nothing was. */
function isNothing({ node, parent }: Place): boolean {
  const behind = parent?.type === "LogicalExpression" && parent.operator === "??";
  const isDefault = parent?.type === "AssignmentPattern";
  return (behind || isDefault) && parent?.right === node && (node.value === "" || node.elements?.length === 0);
}

const ignorer = {
  shouldIgnore(path: Place): string | undefined {
    const reasons = [
      { holds: isDescription, reason: "description" },
      { holds: isText, reason: "text of a finding" },
      { holds: isNothing, reason: "stands for a missing value" },
    ];
    return reasons.find(({ holds }) => holds(path))?.reason;
  },
};

const silent = () => undefined;
const logger = {
  ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
  ...{ isWarnEnabled: () => true, isErrorEnabled: () => true, isFatalEnabled: () => true },
  ...{ trace: silent, debug: silent, info: silent, warn: console.error, error: console.error, fatal: console.error },
};

/** The text between two places, lines and columns from 0. */
function textBetween(text: string, { start, end }: { readonly start: Position; readonly end: Position }): string {
  const lines = text.split("\n").slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column);
  lines[0] = lines[0].slice(start.column);
  return lines.join("\n");
}
interface Position {
  readonly line: number;
  readonly column: number;
}

/** Makes the mutants of these files. */
export async function mutantsOf(files: readonly string[]): Promise<Mutated> {
  const sources = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
  const made = await new Instrumenter(logger).instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { excludedMutations: [], ignorers: [ignorer], plugins: null, noHeader: false } as never,
  );
  const mutants = made.mutants.map(
    ({ id, fileName, location, mutatorName, replacement, statusReason, status }): Mutant => ({
      id,
      file: fileName,
      line: location.start.line + 1,
      column: location.start.column + 1,
      kind: mutatorName,
      original: textBetween(sources.get(fileName) ?? "", location),
      replacement: replacement ?? "",
      ...(status === "Ignored" ? { ignored: statusReason ?? "" } : {}),
    }),
  );
  return { mutants, texts: new Map(made.files.map(({ name, content }) => [name, content])) };
}
