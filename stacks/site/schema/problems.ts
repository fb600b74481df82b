/** What zod found wrong with a site, said as problems a site administrator can fix. */
import { isIPv6 } from "node:net";
import { z } from "zod";
import { isEncrypted } from "../configKeys";
import { nearest } from "../nearest";
import { pathText, valueText, type Path, type SchemaProblem, type SchemaProblemKind } from "../problem";
import { isAccepted, nameFix, plainText, repairedText } from "./advice";
import { alternatives, bare, exampleOf, expectedText, isOptional, keysOf, schemaAt, type Schema } from "./walk";

type Issue = z.core.$ZodIssue;

/**
 * Problems of a value by a schema; none means that it parses.
 * @param value as written in the stack file, without defaults
 */
export function schemaProblems(schema: z.ZodType, value: unknown): SchemaProblem[] {
  const result = schema.safeParse(value);
  return result.success
    ? []
    : withoutEchoes(result.error.issues.flatMap((issue) => new Reader(schema, value).read(issue)));
}

/** A missing key whose unknown neighbour is a misspelling of it is one mistake; so is one value that breaks two rules. */
function withoutEchoes(problems: SchemaProblem[]): SchemaProblem[] {
  const meant = new Set(problems.map((problem) => JSON.stringify(problem.meant)));
  const told = new Set<string>();
  return problems.filter((problem) => {
    const key = JSON.stringify(problem.path);
    const echo = told.has(key) || (problem.kind === "missing" && meant.has(key));
    told.add(key);
    return !echo;
  });
}

/** Turns zod's issues with one value into problems. */
class Reader {
  constructor(
    private readonly schema: Schema,
    private readonly value: unknown,
  ) {}

  /** @param base path that zod's own path starts from, for issues inside an alternative */
  read(issue: Issue, base: Path = []): SchemaProblem[] {
    const path = [...base, ...(issue.path as (string | number)[])];
    const encrypted = path.findIndex((_, i) => isEncrypted(valueAt(this.value, path.slice(0, i + 1))));
    if (encrypted >= 0) {
      return [encryptedInside(path.slice(0, encrypted + 1))];
    }
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => this.unknownKey(path, key));
      case "invalid_union":
        return this.noAlternative(issue, path);
      case "invalid_key":
        return [this.badName(path)];
      default:
        return [this.badValue(issue, path)];
    }
  }

  private unknownKey(path: Path, key: string): SchemaProblem {
    const parent = valueAt(this.value, path);
    const known = keysOf(this.at(path) ?? this.schema, parent);
    const open = known.filter((name) => !Object.hasOwn(parent as object, name));
    const meant = nearest(key, open) ?? nearest(key, known);
    return {
      kind: "unknownKey",
      path: [...path, key],
      seen: "unknown key",
      expected: `one of: ${known.join(", ")}`,
      fix: meant === undefined ? "remove it" : `did you mean "${meant}"?`,
      meant: meant !== undefined && open.includes(meant) ? [...path, meant] : undefined,
    };
  }

  private noAlternative(issue: z.core.$ZodIssueInvalidUnion, path: Path): SchemaProblem[] {
    const union = bare(this.at(path) ?? this.schema);
    if (!(union instanceof z.ZodUnion)) {
      // The path of a choice by a fixed key (`provisioner`) leads to that key; the choice itself is one step above it.
      return [this.badChoice(path)];
    }
    const value = valueAt(this.value, path);
    const options = union.options as Schema[];
    const fitting = alternatives(union, value);
    const [only, ...others] = fitting;
    if (only !== undefined && others.length === 0) {
      return (issue.errors[options.indexOf(only)] ?? []).flatMap((inner) => this.read(inner, path));
    }
    const known = keysOf(union);
    const unknown = isMapping(value) ? Object.keys(value).filter((key) => !known.includes(key)) : [];
    if (unknown.length > 0) {
      return unknown.map((key) => this.unknownKey(path, key));
    }
    return [
      {
        kind: this.kind(path),
        path,
        seen: this.seen(path),
        expected: `exactly one of the keys ${known.join(", ")}`,
        ...this.fix(path),
      },
    ];
  }

  private badChoice(path: Path): SchemaProblem {
    const union = bare(this.at(path.slice(0, -1)) ?? this.schema);
    const literals = (union instanceof z.ZodUnion ? (union.options as Schema[]) : []).flatMap((option) => {
      const field = schemaAt(option, path.slice(-1), undefined);
      return field instanceof z.ZodLiteral ? [...field.values].map(String) : [];
    });
    const meant = nearest(String(valueAt(this.value, path)), literals);
    return {
      kind: this.kind(path),
      path,
      seen: this.seen(path),
      expected: `one of: ${literals.join(", ")}`,
      fix: meant === undefined ? `write e.g. ${literals[0]}` : `did you mean "${meant}"?`,
      advised: { value: meant ?? literals[0], others: literals },
    };
  }

  private badName(path: Path): SchemaProblem {
    const record = bare(this.at(path.slice(0, -1)) ?? this.schema);
    const names = record instanceof z.ZodRecord ? (record.keyType as Schema) : undefined;
    return {
      kind: "badName",
      path,
      seen: `got the name ${valueText(path.at(-1))}`,
      expected: names === undefined ? undefined : expectedText(names),
      fix:
        names === undefined ? undefined : nameFix(String(path.at(-1)), names, valueAt(this.value, path.slice(0, -1))),
    };
  }

  private badValue(issue: Issue, path: Path): SchemaProblem {
    const own = issue.code === "custom";
    const least = issue.code === "too_small" && issue.origin === "array" ? Number(issue.minimum) : undefined;
    const given = own ? (issue.params as { fix?: string } | undefined)?.fix : undefined;
    const schema = this.at(path) ?? this.schema;
    return {
      kind: this.kind(path),
      path,
      seen: this.seen(path),
      expected: own ? issue.message : least === undefined ? expectedText(schema) : `at least ${least} item`,
      ...(given === undefined ? this.fix(path) : { fix: given }),
    };
  }

  private kind(path: Path): SchemaProblemKind {
    return valueAt(this.value, path) === undefined ? "missing" : "badValue";
  }

  private seen(path: Path): string {
    const value = valueAt(this.value, path);
    const isV6 = typeof value === "string" && isIPv6(value.replace(/\/\d+$/, ""));
    return value === undefined ? "missing" : `got ${valueText(value)}${isV6 ? ", and a site has no IPv6" : ""}`;
  }

  /** How to fix a value: what was likely meant, else an example. */
  private fix(path: Path): Pick<SchemaProblem, "fix" | "advised"> {
    const schema = this.at(path);
    if (schema === undefined) {
      return {};
    }
    const value = valueAt(this.value, path);
    const plain = bare(schema);
    if (plain instanceof z.ZodEnum && typeof value === "string") {
      const meant = nearest(value, plain.options.map(String));
      return meant === undefined
        ? { fix: `write e.g. ${plain.options[0]}`, advised: { value: plain.options[0], others: plain.options } }
        : { fix: `did you mean "${meant}"?`, advised: { value: meant, others: plain.options } };
    }
    const otherwise = typeof value === "string" ? Number(value) : typeof value === "number" ? String(value) : undefined;
    if (otherwise !== undefined && String(value).trim() !== "" && isAccepted(schema, otherwise)) {
      const fix = typeof value === "string" ? `write ${value} without quotes` : `write "${value}" in quotes`;
      return { fix, advised: { value: otherwise } };
    }
    if (value === null && isOptional(schema)) {
      return { fix: "remove it", advised: { value: undefined } };
    }
    const meant = typeof value === "string" ? repairedText(value).find((one) => isAccepted(schema, one)) : undefined;
    if (meant !== undefined) {
      return { fix: `write ${plainText(meant)}`, advised: { value: meant } };
    }
    const example = exampleOf(schema);
    if (isMapping(example)) {
      const keys = Object.keys(example);
      return keys.length === 0 ? {} : { fix: `give it the key${keys.length > 1 ? "s" : ""} ${keys.join(", ")}` };
    }
    const key = value === undefined ? `${pathText(path.slice(-1))}: ` : "";
    return {
      fix: `write e.g. ${key}${plainText(example)}`,
      advised: { value: example, others: plain instanceof z.ZodEnum ? plain.options : [] },
    };
  }

  private at(path: Path): Schema | undefined {
    return schemaAt(this.schema, path, this.value);
  }
}

function encryptedInside(path: Path): SchemaProblem {
  return {
    kind: "badValue",
    path,
    seen: "got an encrypted value",
    expected: "a plain one",
    fix: "secrets are keys of their own beside the sections, never inside one",
  };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | null | undefined)?.[key],
    value,
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
