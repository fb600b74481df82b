/**
 * Ends with 0 when the packages of a folder are those of its lock file, whoever installed them (`npm ci`, `npm install`, a copy of
 * the tree), else with 1. npm keeps what it has installed in a lock file of its own; a package may be missing there only if
 * it is optional, which is how npm leaves out those for other machines.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2] ?? ".";

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

const locked = packagesOf(join(folder, "package-lock.json"));
const installed = packagesOf(join(folder, "node_modules", ".package-lock.json"));
delete locked[""];
const isRight = ([path, { version, integrity, optional }]) => {
  const there = installed[path];
  return there === undefined
    ? optional === true
    : there.version === version && there.integrity === integrity && existsSync(join(folder, path));
};
const fits = Object.entries(locked).every(isRight) && Object.keys(installed).every((path) => path in locked);
process.exitCode = fits ? 0 : 1;
