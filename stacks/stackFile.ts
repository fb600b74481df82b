/**
 * A stack file as Pulumi writes it, read with the line of every key: `Pulumi.<stack>.yaml`, whose `config:` holds the
 * site's sections as `atlas-site:<section>`. Encrypted values and other namespaces' keys are Pulumi's and stay untouched.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from "yaml";
import { configKeyProblem, isEncrypted, namespace } from "./configKeys";
import type { Path, Problem } from "./problem";

/** A stack file, parsed. */
export interface StackFile {
  /** Plain values of the sections that are there, by name. */
  readonly sections: Readonly<Record<string, unknown>>;
  /** Names of the encrypted keys of the namespace. */
  readonly secrets: readonly string[];
  /** What is wrong with the file as such: syntax, keys written twice, keys that are no section. */
  readonly problems: readonly Problem[];
  /** Whether the syntax is sound, so that the sections are what was meant. */
  readonly sound: boolean;
  /** Line (from 1) of the key at a path, or of the nearest key above it that is there. */
  lineOf(path: Path): number;
}

/** No site is nested deeper; an alias that holds itself is. */
const deepest = 16;

/** Lines of all keys and list items by path, and the keys that are written twice. */
class Lines {
  private readonly byPath = new Map<string, number>();
  readonly problems: Problem[] = [];

  constructor(
    private readonly document: Document,
    private readonly counter: LineCounter,
  ) {}

  /** Line of a node, 1 for what has no place in the text. */
  at(node: unknown): number {
    const range = (node as { range?: [number, number, number] | null } | null)?.range;
    return range ? this.counter.linePos(range[0]).line : 1;
  }

  /** Notes a value at a path and everything below it. */
  note(path: Path, line: number, value: unknown): void {
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
        const earlier = seen.get(name);
        if (earlier !== undefined) {
          this.problems.push({
            path: [...path, name],
            line: keyLine,
            seen: `written twice, first on line ${earlier}`,
            mend: "keep one of them",
          });
          continue;
        }
        seen.set(name, keyLine);
        this.note([...path, name], keyLine, below);
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

/**
 * Reads a stack file.
 * @param text the file's content
 * @param sectionNames sections a site may have
 */
export function readStackFile(text: string, sectionNames: readonly string[]): StackFile {
  const counter = new LineCounter();
  // Keys written twice are looked for here, to tell the path and the first one's line. Pulumi's reader knows merge keys.
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false, merge: true, prettyErrors: false });
  const problems: Problem[] = document.errors.map((error) => ({
    path: [],
    line: counter.linePos(error.pos[0]).line,
    seen: `not valid YAML: ${error.message}`,
  }));
  const lines = new Lines(document, counter);
  lines.note([], 1, document.contents);
  const root: unknown = problems.length === 0 ? document.toJS() : {};
  const config = (root as { config?: unknown } | null)?.config;
  const sections: Record<string, unknown> = {};
  const secrets: string[] = [];
  if (problems.length === 0 && !isMapping(config)) {
    problems.push({ path: [], seen: "no mapping under `config:`", expected: `keys like \`${namespace}:site\` there` });
  }
  for (const [key, value] of Object.entries(isMapping(config) ? config : {})) {
    const problem = configKeyProblem(key, value, sectionNames);
    const name = key.slice(namespace.length + 1);
    if (problem !== undefined) {
      problems.push({ ...problem, path: [key], line: lines.find(["config", key]) });
    } else if (key.startsWith(`${namespace}:`) && sectionNames.includes(name)) {
      sections[name] = value;
    } else if (key.startsWith(`${namespace}:`) && isEncrypted(value)) {
      secrets.push(name);
    }
  }
  const filePath = (path: Path) => [
    "config",
    ...(path.length === 0 ? [] : [`${namespace}:${path[0]}`, ...path.slice(1)]),
  ];
  return {
    sections,
    secrets,
    problems: [...problems, ...lines.problems.map(withoutWrapper)],
    sound: document.errors.length === 0,
    lineOf: (path) => lines.find(filePath(path)) ?? 1,
  };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A path in the file as a path in the site: without `config` and the namespace. */
function withoutWrapper(problem: Problem): Problem {
  const [wrapper, section, ...below] = problem.path;
  if (wrapper !== "config" || section === undefined) {
    return problem;
  }
  const name = String(section);
  return {
    ...problem,
    path: [name.startsWith(`${namespace}:`) && below.length > 0 ? name.slice(namespace.length + 1) : name, ...below],
  };
}
