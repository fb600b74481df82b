/** Where in a YAML text each key stands, and which keys stand there twice. */
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter } from "yaml";
import type { Path, Problem } from "./problem";

/** No site is nested deeper; an alias that holds itself is. */
const deepest = 16;

/** A value that stands in the file otherwise than YAML reads it. */
export interface OddNumber {
  readonly path: Path;
  readonly line: number;
  /** As written: `01`. */
  readonly source: string;
  /** As read: 1. */
  readonly value: number;
}

/** A plain scalar that YAML reads as a number and nobody would write so. */
function oddNumber(node: unknown): { source: string; value: number } | undefined {
  if (!isScalar(node) || typeof node.value !== "number" || node.type !== "PLAIN" || node.source === undefined) {
    return undefined;
  }
  const { source, value } = node;
  return /^0\d|^0[xo]|^[+]/i.test(source) ? { source, value } : undefined;
}

/** Lines of all keys and list items by path, and the keys that are written twice. */
export class YamlLines {
  private readonly byPath = new Map<string, number>();
  /** Keys that are written again in the same mapping. */
  readonly repeated: Problem[] = [];
  /** Keys that YAML reads as another number than is written: `01:`. */
  readonly oddKeys: Problem[] = [];
  /** Values of that kind. */
  readonly oddNumbers: OddNumber[] = [];

  constructor(
    private readonly document: Document,
    private readonly counter: LineCounter,
  ) {
    this.note([], 1, document.contents);
  }

  /** Line of a node, 1 for what has no place in the text. */
  private at(node: unknown): number {
    const range = (node as { range?: [number, number, number] | null } | null)?.range;
    return range ? this.counter.linePos(range[0]).line : 1;
  }

  /** Notes a value at a path and everything below it. */
  private note(path: Path, line: number, value: unknown): void {
    if (path.length > deepest) {
      return;
    }
    this.byPath.set(JSON.stringify(path), line);
    const node = isAlias(value) ? value.resolve(this.document) : value;
    if (isMap(node)) {
      const seen = new Map<string, number>();
      for (const { key, value: below } of node.items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        const keyLine = this.at(key);
        const odd = oddNumber(key);
        if (odd !== undefined) {
          this.oddKeys.push({
            path: [...path, name],
            line: keyLine,
            seen: `got the key ${odd.source}, which YAML reads as the number ${odd.value}`,
            expected: "text",
            fix: `write "${odd.source}" in quotes`,
          });
        }
        const earlier = seen.get(name);
        if (earlier !== undefined) {
          this.repeated.push({
            path: [...path, name],
            line: keyLine,
            seen: `written twice, first on line ${earlier}`,
            fix: "keep one of them",
          });
          continue;
        }
        seen.set(name, keyLine);
        this.note([...path, name], keyLine, below);
      }
    } else if (isScalar(node)) {
      const odd = oddNumber(node);
      if (odd !== undefined) {
        this.oddNumbers.push({ path, line, ...odd });
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => this.note([...path, index], this.at(item), item));
    }
  }

  /** Line of the deepest key on the path that is in the file. */
  find(path: Path): number | undefined {
    for (let length = path.length; length >= 0; length--) {
      const line = this.byPath.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) {
        return line;
      }
    }
    return undefined;
  }
}
