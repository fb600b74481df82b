// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- an ambient file is no module that could be imported.
/// <reference path="./js-yaml.d.ts" />
/** Plain scalars of YAML as Go's reader resolves them for Kubernetes: the older YAML, less its dates and times. */
import { FAILSAFE_SCHEMA, Type, types } from "js-yaml";

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
]);

/** `0400` is octal, `0b1` binary; a number may have underscores. */
const INTEGER = /^[-+]?(0b[01_]+|0[xX][0-9a-fA-F_]+|0o?[0-7_]*|[1-9][0-9_]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const WORDS: ReadonlyMap<string, number> = new Map([
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, -Infinity] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, NaN] as const),
]);

function integerOf(text: string): number {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[-+]/, "").replaceAll("_", "");
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  return negative ? -Number(octal) : Number(octal);
}

const boolean = new Type("tag:yaml.org,2002:bool", {
  kind: "scalar",
  resolve: (text: string) => BOOLEANS.has(text),
  construct: (text: string) => BOOLEANS.get(text),
});

const integer = new Type("tag:yaml.org,2002:int", {
  kind: "scalar",
  resolve: (text: string | null) => text !== null && INTEGER.test(text),
  construct: integerOf,
});

const float = new Type("tag:yaml.org,2002:float", {
  kind: "scalar",
  resolve: (text: string | null) => text !== null && (FLOAT.test(text) || WORDS.has(text)),
  construct: (text: string) => WORDS.get(text) ?? Number(text),
});

/** Text of a scalar under a tag; Kubernetes takes an encoded one for the bytes that it stands for. */
function tagged(text: string | null, tag?: string): string {
  return tag?.endsWith(":binary") ? Buffer.from(text ?? "", "base64").toString("utf8") : (text ?? "");
}

/** Tags that nobody knows change nothing. */
const others = ["!", "tag:"].flatMap((tag) => [
  new Type(tag, { kind: "scalar", multi: true, construct: tagged }),
  new Type(tag, { kind: "sequence", multi: true, construct: (items: unknown[]) => items }),
  new Type(tag, { kind: "mapping", multi: true, construct: (members: object) => members }),
]);

/** For js-yaml. */
export const kubernetesSchema = FAILSAFE_SCHEMA.extend({
  implicit: [types.null, boolean, integer, float, types.merge],
  explicit: others,
});
