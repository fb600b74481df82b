/** Whether packages are taken for installed: whatever npm left there counts, and nothing stale or half there does. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROOT } from "../../support/sites";

interface Package {
  readonly version: string;
  readonly integrity: string;
  readonly optional?: true;
}

type Packages = Readonly<Record<string, Package>>;

const yaml: Package = { version: "2.9.1", integrity: "sha512-yaml" };
const other: Package = { version: "22.0.0", integrity: "sha512-other-machine", optional: true };
const LOCKED: Packages = { "node_modules/yaml": yaml, "node_modules/other-machine": other };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "installed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, content: object): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), JSON.stringify(content));
}

/** Whether a folder with these packages, and with what npm says that it installed, needs nothing. */
function isInstalled(installed: Packages | undefined, there = Object.keys(installed ?? {})): boolean {
  write("package-lock.json", { packages: { "": { name: "any", version: "1.0.0" }, ...LOCKED } });
  there.forEach((path) => write(join(path, "package.json"), {}));
  if (installed !== undefined) {
    write("node_modules/.package-lock.json", { packages: installed });
  }
  return spawnSync(process.execPath, [join(ROOT, "test/isInstalled.mjs"), folder]).status === 0;
}

test("packages as npm ci left them are an installation, without the optional ones of other machines", () => {
  expect(isInstalled({ "node_modules/yaml": yaml })).toBe(true);
});

test.each<[string, Packages | undefined, string[]?]>([
  ["no package", undefined],
  ["a package of another version", { "node_modules/yaml": { ...yaml, version: "2.9.0" } }],
  ["a package of another content", { "node_modules/yaml": { ...yaml, integrity: "sha512-other" } }],
  ["a package that is no longer locked", { "node_modules/yaml": yaml, "node_modules/old": yaml }],
  ["a package whose folder is gone", { "node_modules/yaml": yaml }, []],
])("%s is no installation", (_, installed, there) => {
  expect(isInstalled(installed, there)).toBe(false);
});

test("the packages that these tests run on are an installation", () => {
  expect(spawnSync(process.execPath, [join(ROOT, "test/isInstalled.mjs"), ROOT]).status).toBe(0);
});
