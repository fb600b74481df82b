/** Strict check of objects against Kubernetes' own description of its kinds: unknown fields, wrong types, missing fields. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Field } from "../model/field";
import { groupOf, type KubernetesObject } from "../model/objects";
import type { Description, Violation } from "../model/policy";
import type { Definition, Schemas, TypeName } from "./swagger";

/** The rule as reports have it. */
export const schemaRule: Description = {
  name: "kubernetes-schema",
  title: "Only fields that Kubernetes knows, with values of their type",
  why: "The API server drops a field that it does not know, so a misspelt restriction restricts nothing; a value of a wrong type is refused when the site is deployed.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "Kubernetes OpenAPI", version: "1.33 to 1.37", control: "strict decoding" }],
  remediation: "Write the field and its value as the API reference of this Kubernetes version has them.",
};

let read: Schemas | undefined;

/** The descriptions; read when the first check asks for them. */
export function schemas(): Schemas {
  // The bundled command lies in a folder beside this one.
  read ??= JSON.parse(readFileSync(join(__dirname, "..", "schemas", "kubernetes.json"), "utf8")) as Schemas;
  return read;
}

const QUANTITY = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

/** What each plain type takes; a quantity may be a number in YAML. */
const PLAIN: Readonly<Record<string, { readonly takes: (value: unknown) => boolean; readonly text: string }>> = {
  any: { takes: () => true, text: "anything" },
  object: { takes: isMap, text: "a map" },
  string: { takes: (value) => typeof value === "string", text: "a text" },
  boolean: { takes: (value) => typeof value === "boolean", text: "true or false" },
  integer: { takes: (value) => Number.isInteger(value), text: "a whole number" },
  number: { takes: (value) => typeof value === "number", text: "a number" },
  "int-or-string": {
    takes: (value) => Number.isInteger(value) || typeof value === "string",
    text: "a whole number or a text",
  },
  quantity: {
    takes: (value) => typeof value === "number" || (typeof value === "string" && QUANTITY.test(value)),
    text: "a quantity such as 100m, 2 or 512Mi",
  },
};

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The check by one minor version of Kubernetes. */
export class SchemaCheck {
  private readonly definitions = new Map<string, Definition>();
  private readonly groups: ReadonlySet<string>;

  /** @param version minor version, e.g. `1.36`, one of those in the file */
  constructor(
    private readonly version: string,
    private readonly all: Schemas = schemas(),
  ) {
    for (const [name, variants] of Object.entries(all.definitions)) {
      const one = variants.find((variant) => variant.in === undefined || variant.in.includes(version));
      if (one !== undefined) {
        this.definitions.set(name, one);
      }
    }
    this.groups = new Set(
      Object.keys(all.kinds).map((kind) => (kind.split(" ")[0] ?? "").split("/").slice(0, -1).join("/")),
    );
  }

  /** Whether the object is of a group that Kubernetes serves itself; of others the check says nothing. */
  covers(object: KubernetesObject): boolean {
    // A template in a ConfigMap is filled in before it becomes an object.
    return this.groups.has(groupOf(object)) && !/^(binaryData|data)\b/.test(object.root.path);
  }

  /** What is wrong with an object. */
  violations(object: KubernetesObject): Violation[] {
    if (!this.covers(object)) {
      return [];
    }
    const named = `${object.apiVersion} ${object.kind}`;
    const kind = Object.hasOwn(this.all.kinds, named) ? this.all.kinds[named] : undefined;
    if (kind === undefined || (kind.in !== undefined && !kind.in.includes(this.version))) {
      const root = object.root.at("apiVersion");
      const message = `Kubernetes ${this.version} has no kind ${object.kind} in apiVersion "${object.apiVersion}"`;
      return [{ path: root.path, message }];
    }
    const found: Violation[] = [];
    this.visit(object.root, kind.definition, found);
    return found;
  }

  private visit(field: Field, type: TypeName, found: Violation[]): void {
    // What an update makes is judged by the API server; null is an absent field.
    if (!field.known || !field.present) {
      return;
    }
    const plain = Object.hasOwn(PLAIN, type) ? PLAIN[type] : undefined;
    if (plain !== undefined) {
      if (!plain.takes(field.value)) {
        found.push({ path: field.path, message: `it is ${shown(field.value)}; it must be ${plain.text}` });
      }
    } else if (type.startsWith("[]")) {
      this.visitAll(field, Array.isArray(field.value), "a list", field.items, type.slice(2), found);
    } else if (type.startsWith("{}")) {
      const members = field.entries.map(([, member]) => member);
      this.visitAll(field, isMap(field.value), "a map", members, type.slice(2), found);
    } else {
      this.visitFields(field, type, found);
    }
  }

  private visitAll(
    field: Field,
    fits: boolean,
    wanted: string,
    members: Field[],
    type: TypeName,
    found: Violation[],
  ): void {
    if (!fits) {
      found.push({ path: field.path, message: `it is ${shown(field.value)}; it must be ${wanted}` });
    }
    members.forEach((member) => this.visit(member, type, found));
  }

  private visitFields(field: Field, type: TypeName, found: Violation[]): void {
    const definition = this.definitions.get(type);
    if (definition === undefined) {
      return;
    }
    if (!isMap(field.value)) {
      found.push({ path: field.path, message: `it is ${shown(field.value)}; it must be a map` });
      return;
    }
    const { fields, required = [] } = definition;
    for (const [key, member] of field.entries) {
      const known = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (known !== undefined) {
        this.visit(member, known, found);
      } else {
        const meant = Object.keys(fields).find((name) => name.toLowerCase() === key.toLowerCase());
        const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
        found.push({ path: member.path, message: `Kubernetes ${this.version} has no field "${key}" here${hint}` });
      }
    }
    for (const key of required.filter((name) => field.at(name).known && !field.at(name).present)) {
      found.push({ path: field.at(key).path, message: `the field "${key}" is required` });
    }
  }
}
