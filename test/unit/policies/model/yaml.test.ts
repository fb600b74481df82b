import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify, type ToStringOptions } from "yaml";
import { Positions } from "../../../../policies/model/positions";
import { readYaml } from "../../../../policies/model/yaml";

/** Values that every reader of YAML takes for the same. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.stringMatching(/^([a-z][a-z #:'"-]{0,30}[a-z])?$/),
    fc.stringMatching(/^[a-z]+(\n[a-z]+){1,3}$/),
    fc.integer(),
    fc.boolean(),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  map: fc.dictionary(fc.stringMatching(/^[a-zA-Z][a-zA-Z./-]{2,8}[a-z]$/), tie("value"), { maxKeys: 4 }),
})).map;

const styles = fc.constantFrom<ToStringOptions & { version: "1.1" }>(
  { version: "1.1" },
  { version: "1.1", collectionStyle: "flow" },
  { version: "1.1", defaultStringType: "QUOTE_DOUBLE", lineWidth: 20 },
  { version: "1.1", defaultKeyType: "QUOTE_SINGLE", indent: 4 },
);

describe("YAML as Kubernetes reads it", () => {
  // Each was read so by the reader that kubectl and the API server share.
  test.each([
    ["a double-quoted text that goes on at its key's indentation", 'a:\n  b: "one\n  two"\n', { a: { b: "one two" } }],
    ["one that goes on at the margin", 'a: "one\ntwo"\nc: 1\n', { a: "one two", c: 1 }],
    ["one with an escaped end of line", '- c: "one \\\n  two"\n  d: 1\n', [{ c: "one two", d: 1 }]],
    ["a single-quoted one", "a:\n- x: 'one\n  two'\n", { a: [{ x: "one two" }] }],
    ["a list that ends at its key's indentation", "a: [\n1,\n2\n]\nb: 2\n", { a: [1, 2], b: 2 }],
    ["a mapping that ends there", "a: {\nx: 1\n}\nb: 2\n", { a: { x: 1 }, b: 2 }],
    ["JSON indented by tabs", '{\n\t"a": [\n\t\t1\n\t]\n}\n', { a: [1] }],
    ["octal, binary, hexadecimal and long numbers", "[0400, 0b11, 0x1F, 1_000, 0o17, 08]", [256, 3, 31, 1000, 15, 8]],
    ["words for true and false", "[yes, off, y, True]", [true, false, true, true]],
    ["dates and times of day", "[2026-01-01, 10:20]", ["2026-01-01", "10:20"]],
    ["fractions and exponents", "[1.5, 1e3, .5, 1.2.3]", [1.5, 1000, 0.5, "1.2.3"]],
    ["unknown tags, and encoded bytes", "a: !x y\nb: !!binary aGk=\n", { a: "y", b: "hi" }],
    ["a key that stands twice", "a: 1\na: 2\n", { a: 2 }],
    ["a mark of the encoding", "\ufeffa: 1\n", { a: 1 }],
    ["lines of Windows", 'a: 1\r\nb: "x\r\n  y"\r\n', { a: 1, b: "x y" }],
  ])("%s is read", (_, text, value) => {
    expect(readYaml(text)).toEqual({ documents: [value], errors: [], failures: [] });
  });

  test("whatever is written in any style is read as it was", () => {
    fc.assert(
      fc.property(values, styles, (value, style) => {
        expect(readYaml(stringify(value, style)).documents).toEqual([value]);
      }),
    );
  });

  test("a document that is no YAML leaves the others, and is named by its line", () => {
    const { documents, errors } = readYaml("a: 1\n---\nb: c: d\n---\ne: 2\n");
    expect([documents, errors]).toEqual([[{ a: 1 }, { e: 2 }], [expect.stringMatching(/^line 3, column 5: /)]]);
  });

  test("a list that contains itself is an error, not an endless loop", () => {
    expect(readYaml("a: &a [*a]\n").errors).toHaveLength(1);
  });
});

describe("positions", () => {
  const text = `# first
apiVersion: v1
data:
  job.yaml: |
    kind: Job
    spec:
      suspend: true
  json: '{"kind": "Job"}'
---
spec:
  containers:
    - name: a
      "image": x
    -
      name: b
flow: { one: [1, { two: 2 }], three }
`;
  const positions = new Positions(text);
  test.each([
    [0, "apiVersion", 2, 1],
    [0, "", 2, 1],
    [0, "data.missing", 3, 1],
    [0, 'data["job.yaml"]', 4, 3],
    [0, 'data["job.yaml"].spec.suspend', 7, 7],
    [0, "data.json.kind", 8, 3],
    [1, "spec.containers[0].image", 13, 7],
    [1, "spec.containers[1]", 15, 7],
    [1, "spec.containers[1].name", 15, 7],
    [1, "spec.containers[0].securityContext.privileged", 12, 7],
    [1, "flow.one[1].two", 16, 20],
    [1, "flow.three", 16, 31],
  ])("of document %i, path %j, are line %i and column %i", (document, path, line, column) => {
    expect(positions.of(document, path)).toEqual({ line, column });
  });

  test("of any key in any style lead to the key", () => {
    fc.assert(
      fc.property(values, styles, (value, style) => {
        const written = stringify(value, style);
        const [lines, places] = [written.split("\n"), new Positions(written)];
        const visit = (inside: unknown, path: string): void => {
          for (const [key, member] of Object.entries(inside as object)) {
            const here = Array.isArray(inside) ? `${path}[${key}]` : `${path}["${key}"]`;
            const { line, column } = places.of(0, here);
            if (!Array.isArray(inside)) {
              expect(lines[line - 1].slice(column - 1).replace(/^(\? )?["']?/, "")).toMatch(new RegExp(`^${key}`));
            }
            if (typeof member === "object") {
              visit(member, here);
            }
          }
        };
        visit(value, "");
      }),
    );
  });
});
