/** The commands of the runbooks, held against the rights of those who are woken up by the alerts. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { operatorRights } from "../../../components/security/rights";
import { ROOT } from "../../support/sites";

const FOLDER = join(ROOT, "docs", "runbooks");

/** kubectl's short and singular names in use, as RBAC knows them. */
const NAMES: Readonly<Record<string, string>> = {
  pvc: "persistentvolumeclaims",
  pv: "persistentvolumes",
  csr: "certificatesigningrequests",
  networkpolicy: "networkpolicies",
};

const allowed = new Set(operatorRights().flatMap(({ resources }) => [...resources]));

function resource(word: string): string {
  return NAMES[word] ?? (allowed.has(word) ? word : `${word}s`);
}

/** Each kubectl command of a line, from its verb on. */
function commands(line: string): string[] {
  return [...line.matchAll(/kubectl ((?:-[^ ]+ (?:[^-\s`][^\s`]* )?)*)([a-z][^`|]*)/g)].map(
    ([, , command = ""]) => command,
  );
}

const lines = readdirSync(FOLDER).flatMap((page) =>
  readFileSync(join(FOLDER, page), "utf8")
    .split("\n")
    .map((line, index) => ({ where: `${page}:${index + 1}`, line })),
);

test("the operators' kubeconfig suffices for every look that a runbook asks for", () => {
  const looks = lines.flatMap(({ where, line }) =>
    commands(line)
      .map((command) => /^(?:get|describe) ([a-z,]+)/.exec(command)?.[1])
      .filter((kinds) => kinds !== undefined)
      .flatMap((kinds) => kinds.split(",").map((kind) => ({ where, line, kind: resource(kind) }))),
  );
  expect(looks.length).toBeGreaterThan(50);
  const refused = looks.filter(({ kind, line }) => !allowed.has(kind) && !line.includes("administrator"));
  expect(refused.map(({ where, kind }) => `${where}: ${kind}`)).toEqual([]);
});

test("a runbook says of each command that runs a program in a pod that an administrator runs it", () => {
  const silent = lines.filter(({ line }, index) => {
    const near = lines.slice(Math.max(0, index - 2), index + 2).map((one) => one.line);
    return /kubectl [^`]*exec /.test(line) && !near.join(" ").includes("administrator");
  });
  expect(silent.map(({ where }) => where)).toEqual([]);
});
