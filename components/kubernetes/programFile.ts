/**
 * Programs that machines and containers run. They are files of their own, so that editors and linters know them; what a
 * site puts into a program are variables at its top, which its header describes.
 */
import { readFileSync } from "node:fs";

/** Values of a program's variables. Lists are joined by spaces. */
export type ProgramEnvironment = Readonly<Record<string, string | number | readonly string[]>>;

/** The line of a program that demands its variables: `: "${NAME:?}" "${MAY_BE_EMPTY?}"`. */
const DEMANDED = /^: (?:"\$\{\w+:?\?\}" ?)+$/m;

/** Text of a program without variables, such as one in Python. */
export function programText(file: string): string {
  return readFileSync(file, "utf8");
}

/**
 * A bash program with its variables assigned before the line that demands them.
 * @param file path of the program
 * @param environment a value for each variable that the program demands
 * @throws Error when names differ from those demanded, or an empty value is given to a variable that must have one
 */
export function bashProgram(file: string, environment: ProgramEnvironment): string {
  return withEnvironment(programText(file), environment);
}

/** The text of {@link bashProgram}, from the text of the program. */
export function withEnvironment(text: string, environment: ProgramEnvironment): string {
  const line = DEMANDED.exec(text)?.[0] ?? "";
  const demanded = [...line.matchAll(/\$\{(\w+)(:?)\?\}/g)].map(([, name = "", colon]) => ({
    name,
    full: colon === ":",
  }));
  const given = Object.entries(environment).map(([name, value]) => [name, valueText(value)] as const);
  const [wanted, found] = [demanded.map(({ name }) => name).sort(), given.map(([name]) => name).sort()];
  if (wanted.join() !== found.join()) {
    throw new Error(`the program demands the variables ${wanted.join(", ")}; given are ${found.join(", ")}`);
  }
  const empty = demanded.filter(({ name, full }) => full && valueText(environment[name] ?? "") === "");
  if (empty.length > 0) {
    throw new Error(`the program demands a value for ${empty.map(({ name }) => name).join(", ")}`);
  }
  const assignments = given.map(([name, value]) => `${name}=${quoted(value)}\n`).join("");
  return text.replace(DEMANDED, () => `${assignments}${line}`);
}

/** A program without its first lines of comment, as the argument of `bash -c`. */
export function withoutHeader(text: string): string {
  return text.replace(/^(?:#.*\n)+/, "");
}

function valueText(value: ProgramEnvironment[string]): string {
  return typeof value === "object" ? value.join(" ") : String(value);
}

/** A value as one word of a shell. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
