/** Lines and columns of what a path names in a YAML text. Built only for files in which something was found. */
import type { State } from "js-yaml";
import { documentsOf, readParts, withoutMark } from "./yaml";

/** Line and column, each from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A value in the text. */
interface Node {
  /** Letters from the beginning: of the key, where it has one, else of the value. */
  readonly start: number;
  readonly end: number;
  readonly result: unknown;
  readonly members?: ReadonlyMap<string | number, Node>;
  /** First letter of the value itself. */
  readonly value: number;
}

/** What is not the value yet: blanks, comments, the rest of the line. */
const BLANK = /(?:\s|#[^\n]*\n)*/y;

function skipBlank(text: string, from: number): number {
  BLANK.lastIndex = from;
  BLANK.exec(text);
  return BLANK.lastIndex;
}

/** Keys and values come as neighbours; a key of a flow mapping may have no value. */
function membersOf(children: readonly Node[], text: string): Map<string, Node> {
  const members = new Map<string, Node>();
  for (let index = 0; index < children.length; index += 1) {
    const [key, value] = [children[index], children[index + 1]];
    if (key === undefined) {
      break;
    }
    const paired = value !== undefined && /^\s*:/.test(text.slice(key.end, value.value + 1));
    members.set(String(key.result), paired ? { ...value, start: key.start } : key);
    index += paired ? 1 : 0;
  }
  return members;
}

/** Builds the tree of a part from the reader's events; a block mapping is begun, and given up, where a scalar stands. */
class TreeBuilder {
  readonly roots: Node[] = [];
  private readonly open: { readonly start: number; readonly children: Node[] }[] = [];
  /** Mappings and lists by their value, which an alias shares. */
  private readonly byResult = new Map<unknown, Node["members"]>();

  constructor(
    private readonly text: string,
    private readonly offset: number,
  ) {}

  readonly listen = (event: "open" | "close", { position, kind, result }: State): void => {
    if (event === "open") {
      this.open.push({ start: position, children: [] });
      return;
    }
    const { start, children } = this.open.pop() ?? { start: 0, children: [] };
    const value = Math.min(skipBlank(this.text, start), position);
    const node: Node = { start: value, value, end: position, result, members: this.members(kind, result, children) };
    (this.open.at(-1)?.children ?? this.roots).push(node);
  };

  private members(kind: string | null, result: unknown, children: readonly Node[]): Node["members"] {
    if (typeof result !== "object" || result === null) {
      return undefined;
    }
    // What began as the key of a block mapping, and is no key: the value itself.
    const [only, ...others] = children;
    if (only !== undefined && others.length === 0 && only.result === result) {
      return only.members;
    }
    if (children.length > 0 && (kind === "mapping" || kind === "sequence")) {
      const members =
        kind === "mapping" ? membersOf(children, this.text) : new Map(children.map((child, index) => [index, child]));
      this.byResult.set(result, members);
    }
    return this.byResult.get(result);
  }

  /** The tree with positions in the whole text. */
  shifted(node: Node): Node {
    if (this.offset === 0) {
      return node;
    }
    const members = node.members && new Map([...node.members].map(([key, member]) => [key, this.shifted(member)]));
    return { ...node, start: node.start + this.offset, value: node.value + this.offset, members };
  }
}

/** Keys of a path as violations have it: `spec.containers[0]`, `data["job.yaml"].spec`. */
export function keysOf(path: string): (string | number)[] {
  const steps = path.matchAll(/\["(.*?)"\](?=[.[]|$)|\[(\d+)\]|([^.[]+)/g);
  return [...steps].map(([, quoted, index, plain = ""]) => quoted ?? (index === undefined ? plain : Number(index)));
}

/** The places of a text. */
export class Positions {
  private readonly roots: readonly Node[];
  private readonly lines: readonly number[];

  constructor(private readonly text: string) {
    const whole = withoutMark(text);
    const roots: Node[] = [];
    readParts(text, (part) => {
      const builder = new TreeBuilder(part.text, part.offset);
      const documents = documentsOf(part.text, builder.listen);
      const kept = builder.roots.filter((_, index) => documents[index] !== null && documents[index] !== undefined);
      roots.push(...kept.map((root) => builder.shifted(root)));
    });
    this.text = whole;
    this.roots = roots;
    this.lines = [0, ...[...whole.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /**
   * Where a path leads in a document, or as far as it does: the key that is there, when the one it names is not.
   * @param document counted as {@link readYaml} has them
   */
  of(document: number, path: string): Position {
    let node = this.roots.at(document);
    const keys = keysOf(path);
    for (const [depth, key] of keys.entries()) {
      const next = node?.members?.get(key);
      if (next === undefined) {
        return this.inText(node, keys.slice(depth)) ?? this.at(node?.start ?? 0);
      }
      node = next;
    }
    return this.at(node?.start ?? 0);
  }

  private at(offset: number): Position {
    let [low, high] = [0, this.lines.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      [low, high] = (this.lines[middle] ?? 0) <= offset ? [middle, high] : [low, middle - 1];
    }
    return { line: low + 1, column: offset - (this.lines[low] ?? 0) + 1 };
  }

  /** A path that goes on inside of a text, such as an object in a ConfigMap: only a literal block has lines of its own. */
  private inText(node: Node | undefined, rest: readonly (string | number)[]): Position | undefined {
    const block = node && /^\|[^\n]*\n/.exec(this.text.slice(node.value, node.value + 20))?.[0];
    if (node === undefined || block === undefined || typeof node.result !== "string") {
      return undefined;
    }
    const begins = this.at(node.value + block.length);
    const raw = this.text.slice(node.value + block.length, node.value + block.length + 1000);
    const indent = /^(?:[ \t]*\n)*( *)/.exec(raw)?.[1]?.length ?? 0;
    const [document, keys] = typeof rest[0] === "number" ? [rest[0], rest.slice(1)] : [0, rest];
    const path = keys.map((key) => (typeof key === "number" ? `[${key}]` : `["${key}"]`)).join("");
    const inner = new Positions(node.result).of(document, path);
    return { line: begins.line + inner.line - 1, column: indent + inner.column };
  }
}
