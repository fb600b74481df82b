/** Programs in files of their own: how variables get into them, and that each describes those it demands. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { withEnvironment, withoutHeader } from "../../../components/kubernetes/programFile";
import { ROOT } from "../../support/sites";

const PROGRAM = '#!/bin/bash\n# Prints.\n: "${TEXT:?}" "${LIST?}"\nset -u\nprintf "%s|" "$TEXT" $LIST\n';

test("a program gets exactly the values it is given, whatever is in them", () => {
  const text = fc.string({ minLength: 1, unit: "binary-ascii" }).filter((value) => !value.includes("\0"));
  fc.assert(
    fc.property(text, (value) => {
      const program = withEnvironment(PROGRAM, { TEXT: value, LIST: ["a", "b"] });
      const { stdout } = spawnSync("bash", { input: program, env: { LC_ALL: "C.UTF-8" }, encoding: "utf8" });
      expect(stdout).toBe(`${value}|a|b|`);
    }),
    { numRuns: 30 },
  );
});

test.each([
  ["a missing variable", { TEXT: "a" }, /demands the variables LIST, TEXT; given are TEXT/],
  ["an unknown variable", { TEXT: "a", LIST: [], MORE: 1 }, /given are LIST, MORE, TEXT/],
  ["an empty value where one is needed", { TEXT: "", LIST: "" }, /demands a value for TEXT/],
])("%s is an error before any machine gets the program", (_, environment, message) => {
  expect(() => withEnvironment(PROGRAM, environment as Record<string, string>)).toThrow(message);
});

test("a program for bash -c has no shebang and none of the comment above its first command", () => {
  expect(withoutHeader(PROGRAM)).toMatch(/^: "/);
});

const programs = execFileSync("git", ["ls-files", "components/*.sh"], { cwd: ROOT, encoding: "utf8" })
  .trim()
  .split("\n");

test.each(programs)("%s describes in its header every variable that it demands", (file) => {
  const text = readFileSync(join(ROOT, file), "utf8");
  const header = /^(?:#.*\n)+/.exec(text)?.[0] ?? "";
  const described = [...header.matchAll(/^# {3}([A-Z_]+) {2}/gm)].map(([, name]) => name);
  const demanded = [...(/^: .*$/m.exec(text)?.[0] ?? "").matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
  expect(header).toMatch(/^#!\/bin\/bash\n# [A-Z]/);
  expect(demanded.filter((name) => !described.includes(name))).toEqual([]);
});
