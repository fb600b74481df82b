/**
 * YAML as Kubernetes reads it: the older kind, in which `0400` is octal, `yes` is true, and a date is a text; of a key that
 * stands twice the later one counts; a quoted text or a `]` may go on at the indentation of its key.
 */
import { loadAll, YAMLException, type LoadOptions } from "js-yaml";
import { kubernetesSchema } from "./yamlSchema";

/** A text, or a part of one, that is no YAML. */
export interface YamlFailure {
  readonly reason: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** What a text holds. */
export interface ReadYaml {
  /** Values of the documents that could be read; an empty document is left out. */
  readonly documents: readonly unknown[];
  /** What is wrong with the others, each with its line. */
  readonly errors: readonly string[];
  readonly failures: readonly YamlFailure[];
}

/** A short text can be written so that its aliases unfold to gigabytes; a manifest has fewer values than letters. */
const MOST_VALUES_PER_LETTER = 10;

/** How many values a document has once its aliases are unfolded; infinite where one contains itself. */
function unfolded(value: unknown, known = new Map<object, number>()): number {
  if (typeof value !== "object" || value === null) {
    return 1;
  }
  const before = known.get(value);
  if (before !== undefined) {
    return before;
  }
  // Met again on the way down, it contains itself.
  known.set(value, Infinity);
  const sum = Object.values(value).reduce((total: number, member) => total + unfolded(member, known), 1);
  known.set(value, sum);
  return sum;
}

/** A part of a text that is read by itself. */
export interface YamlPart {
  readonly text: string;
  /** Where it begins in the whole: letters, and lines. */
  readonly offset: number;
  readonly line: number;
}

/** The text at the lines that separate documents, as kubectl divides it. */
function partsOf(text: string): YamlPart[] {
  const parts: YamlPart[] = [];
  const separator = /^---[ \t]*(?:#.*)?\r?$/gm;
  let [offset, line] = [0, 0];
  for (const { index } of text.matchAll(separator)) {
    const part = text.slice(offset, index);
    parts.push({ text: part, offset, line });
    line += part.split("\n").length - 1;
    offset = index;
  }
  return [...parts, { text: text.slice(offset), offset, line }].filter((part) => part.text.trim() !== "");
}

/** A text without the mark that some editors put before it. */
export function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** Documents of a part, empty ones as null. @throws YAMLException */
export function documentsOf(text: string, listener?: LoadOptions["listener"]): unknown[] {
  const documents = loadAll(text, null, { schema: kubernetesSchema, json: true, listener });
  if (/&\S/.test(text) && documents.some((document) => unfolded(document) > MOST_VALUES_PER_LETTER * text.length)) {
    throw new YAMLException("its aliases contain themselves, or unfold to a text many times as long");
  }
  return documents;
}

function failureOf(error: unknown, part: YamlPart): YamlFailure {
  const { reason, mark, message } = error as YAMLException;
  return { reason: reason ?? message, line: part.line + (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 };
}

/**
 * Reads a text, all of it at once; where that fails, document by document, so that one that is no YAML leaves the others.
 * @param read one part; what it throws is the part's failure
 */
export function readParts(text: string, read: (part: YamlPart) => void): YamlFailure[] {
  const whole = withoutMark(text);
  try {
    read({ text: whole, offset: 0, line: 0 });
    return [];
  } catch {
    return partsOf(whole).flatMap((part) => {
      try {
        read(part);
        return [];
      } catch (error) {
        return [failureOf(error, part)];
      }
    });
  }
}

/** Reads every document of a text. Never throws. */
export function readYaml(text: string): ReadYaml {
  const documents: unknown[] = [];
  const failures = readParts(text, (part) => {
    documents.push(...documentsOf(part.text).filter((document) => document !== null && document !== undefined));
  });
  const errors = failures.map(({ reason, line, column }) => `line ${line}, column ${column}: ${reason}`);
  return { documents, errors, failures };
}
