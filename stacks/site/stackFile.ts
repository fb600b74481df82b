/**
 * A stack file as Pulumi writes it, read with the line of every key: `Pulumi.<stack>.yaml`, whose `config:` holds the
 * site's sections as `atlas-site:<section>`. Encrypted values and other namespaces' keys are Pulumi's and stay untouched.
 */
import { LineCounter, parseDocument, type YAMLError } from "yaml";
import { configKeyProblem, isEncrypted, namespace } from "./configKeys";
import type { Path, Problem } from "./problem";
import { decodeStackFile } from "./stackFileText";
import { YamlLines, type OddNumber } from "./yamlLines";

/** A stack file, parsed. */
export interface StackFile {
  /** Plain values of the sections that are there, by name. */
  readonly sections: Readonly<Record<string, unknown>>;
  /** Names of the encrypted keys of the namespace. */
  readonly secrets: readonly string[];
  /** What is wrong with the file as such: syntax, keys written twice, keys that are no section. */
  readonly problems: readonly Problem[];
  /** Values whose text differs from the number that YAML reads: `01`, `0x10`. */
  readonly oddNumbers: readonly OddNumber[];
  /** Paths of keys that are written twice: which of the values is meant is not known. */
  readonly doubtful: readonly Path[];
  /** Whether the file could be read at all, so that the sections are what was meant. */
  readonly sound: boolean;
  /** Line (from 1) of the key at a path, or of the nearest key above it that is there. */
  lineOf(path: Path): number;
}

/**
 * Reads a stack file.
 * @param content the file's bytes, or its text
 * @param sectionNames sections a site may have
 */
export function readStackFile(content: string | Uint8Array, sectionNames: readonly string[]): StackFile {
  const decoded = decodeStackFile(content);
  if ("problem" in decoded) {
    return unreadable(decoded.problem);
  }
  const counter = new LineCounter();
  // Keys written twice are looked for here, to tell the path and the first one's line. Pulumi's reader knows merge keys.
  const document = parseDocument(decoded.text, {
    lineCounter: counter,
    uniqueKeys: false,
    merge: true,
    prettyErrors: false,
  });
  const [first] = document.errors;
  if (first !== undefined) {
    // The first error is the cause; the parser loses its way behind it.
    return unreadable({ path: [], line: counter.linePos(first.pos[0]).line, ...syntaxProblem(first) });
  }
  let root: unknown;
  try {
    root = document.toJS();
  } catch (error) {
    // Aliases of aliases that would grow without bound.
    return unreadable({ path: [], line: 1, seen: `YAML that cannot be expanded: ${(error as Error).message}` });
  }
  const lines = new YamlLines(document, counter);
  const config = isMapping(root) ? root.config : undefined;
  if (!isMapping(config)) {
    const line = lines.find(["config"]) ?? 1;
    const expected = `keys like \`${namespace}:site\` there`;
    return unreadable({ path: [], line, seen: "no mapping under `config:`", expected });
  }
  const keys = Object.entries(config).map(([key, value]) => ({
    key,
    value,
    problem: configKeyProblem(key, value, sectionNames),
  }));
  // A section under a misspelt key is judged too, so that its own mistakes are told in the same run.
  const chosen = sectionNames.flatMap((name) => {
    const proper = keys.find(({ key }) => key === `${namespace}:${name}`);
    const found = proper ?? keys.find(({ problem }) => problem?.section === name);
    return found === undefined ? [] : [{ ...found, name }];
  });
  const keyOf = (section: string | number) => chosen.find(({ name }) => name === section)?.key ?? String(section);
  const nameOf = (key: string | number) => chosen.find((section) => section.key === key)?.name ?? key;
  // Paths below `config:` as the sections have them.
  const inSections = ([, key, ...below]: Path): Path =>
    key === undefined ? ["config"] : [below.length === 0 ? key : nameOf(key), ...below];
  return {
    sections: Object.fromEntries(chosen.map(({ name, value }) => [name, value])),
    secrets: keys
      .filter(({ key, value }) => key.startsWith(`${namespace}:`) && isEncrypted(value))
      .map(({ key }) => key.slice(namespace.length + 1)),
    problems: [
      ...keys.flatMap(({ key, problem }) => (problem === undefined ? [] : [{ ...problem, path: [key] }])),
      ...lines.repeated.map((problem) => ({ ...problem, path: inSections(problem.path) })),
      ...lines.oddKeys.map((problem) => ({ ...problem, path: inSections(problem.path) })),
    ],
    oddNumbers: lines.oddNumbers.map((odd) => ({ ...odd, path: inSections(odd.path) })),
    doubtful: [...lines.repeated, ...lines.oddKeys].map(({ path: [, key, ...below] }) => [
      key === undefined ? "config" : nameOf(key),
      ...below,
    ]),
    sound: true,
    lineOf: ([section, ...below]) =>
      lines.find(section === undefined ? ["config"] : ["config", keyOf(section), ...below]) ?? 1,
  };
}

/** A syntax error in words of the stack file, where the parser's are those of its own interface. */
function syntaxProblem({ code, message }: YAMLError): Pick<Problem, "seen" | "expected" | "fix"> {
  switch (code) {
    case "TAB_AS_INDENT":
      return { seen: "not valid YAML: a tab as indentation", expected: "spaces", fix: "replace the tab by spaces" };
    case "MULTIPLE_DOCS":
      return {
        seen: "not valid YAML for a stack: a second document begins here",
        expected: "one document",
        fix: "remove it, with the line `---` before it",
      };
    default:
      return { seen: `not valid YAML: ${message}` };
  }
}

function unreadable(problem: Problem): StackFile {
  const none = { sections: {}, secrets: [], oddNumbers: [], doubtful: [] };
  return { ...none, problems: [problem], sound: false, lineOf: () => 1 };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
