/** Values that look like a credential in clear: by their form, or by the name they stand under, also inside a file's text. */
import { formOf } from "./credentialForms";
import { isCredentialUnder } from "./credentialNames";

/** A name and the value it has somewhere in a text. */
interface Pair {
  readonly name: string;
  readonly value: string;
}

const NAME = String.raw`[A-Za-z_][\w.-]*`;
const IN_CLEAR = "a credential in clear";

/**
 * What a named value looks like, for a message; undefined when it looks like no credential.
 * @param name of the variable or key; "" for a word of a command
 */
export function credentialIn(name: string, value: string): string | undefined {
  const form = formOf(value);
  if (form !== undefined) {
    return form;
  }
  const isText = /\n./.test(value.trim());
  if (!isText && isCredentialUnder(name, value)) {
    return IN_CLEAR;
  }
  const found = pairsIn(value, isText || name === "").find((pair) => isCredentialUnder(pair.name, pair.value));
  if (found !== undefined) {
    return `${IN_CLEAR} (${found.name})`;
  }
  return isPasswordFile(name, value) ? "a file of passwords" : undefined;
}

/** Names and values written inside a text: options of commands, connection strings, JSON, lines of configuration files. */
function pairsIn(text: string, byLine: boolean): Pair[] {
  return [...assignments(text), ...jsonPairs(text), ...directives(text), ...(byLine ? lines(text) : [])];
}

/** `password=…`, with what ends a value in shells, connection strings and URLs. */
function assignments(text: string): Pair[] {
  return matches(text, new RegExp(String.raw`(?:^|[;?&\s,{(])-{0,2}(${NAME})=["']?([^"';&\s,)(]+)`, "g"));
}

function jsonPairs(text: string): Pair[] {
  return matches(text, new RegExp(String.raw`["'](${NAME})["']\s*:\s*["']([^"'\n]+)["']`, "g"));
}

/** Settings of programs that write a name, a blank and the value: Redis, squid, curl's netrc, options of commands. */
function directives(text: string): Pair[] {
  const plain = matches(text, /^[ \t]*(requirepass|masterauth|cachemgr_passwd)[ \t]+(\S+)/gm);
  const netrc = matches(text, /\blogin\s+\S+\s+(password)\s+(\S+)/g);
  const options = matches(text, new RegExp(String.raw`\s--(${NAME})\s+["']?([^\s"'-][^\s"']*)`, "g"));
  return [...plain.map(({ value }) => ({ name: "password", value })), ...netrc, ...options];
}

/** `name: value` and `name = value` on lines of their own, where the value is written out and no piece of a program. */
function lines(text: string): Pair[] {
  const found = matches(
    text,
    new RegExp(
      String.raw`^[ \t]*(?:export[ \t]+|-[ \t]+)?["']?(${NAME})["']?[ \t]*(?:=(?!=)|:(?![=:]))[ \t]*(.+)$`,
      "gm",
    ),
  );
  return found.flatMap(({ name, value }) => {
    const quoted = /^(["'])(.*)\1[,;]?$/.exec(value.trim());
    // `cfg.Token` is a variable of some program.
    const isCode = /[\s()[\]{}=]|^[A-Za-z_]+\.[A-Za-z_]+$/.test(value.trim());
    const literal = quoted?.[2] ?? (isCode ? undefined : value.trim());
    return literal === undefined ? [] : [{ name, value: literal }];
  });
}

function matches(text: string, pattern: RegExp): Pair[] {
  return [...text.matchAll(pattern)].map(([, name = "", value = ""]) => ({ name, value }));
}

/** PostgreSQL's file of passwords: host, port, database, user and password between colons. */
function isPasswordFile(name: string, value: string): boolean {
  return /pgpass/.test(name) && /^[^:\n]+:[^:\n]+:[^:\n]+:[^:\n]+:[^:\n]+$/m.test(value);
}
