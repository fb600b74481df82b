import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BuildCaches, standardLibraryCache } from "../../toolchain/buildCaches";

let folder: string;
let compilations: number;
let caches: BuildCaches;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "build-caches-"));
  compilations = 0;
  caches = new BuildCaches(folder, (place) => {
    compilations++;
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "fmt"), "compiled");
    return Promise.resolve();
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("build caches of the modules", () => {
  it("all start with the standard library, which is compiled once for two builds that begin together", async () => {
    const [one, two] = await Promise.all([caches.open("one"), caches.open("two")]);
    expect(one).not.toBe(two);
    for (const place of [one, two]) expect(readFileSync(join(place, "fmt"), "utf8")).toBe("compiled");
    expect(compilations).toBe(1);
  });

  it("keep nothing of a module that is dropped, and everything of another one and of the standard library", async () => {
    const [one, two] = [await caches.open("one"), await caches.open("two")];
    writeFileSync(join(two, "package"), "compiled");
    await caches.drop("one");
    expect(existsSync(one)).toBe(false);
    expect(existsSync(join(two, "package"))).toBe(true);
    expect(existsSync(join(standardLibraryCache(folder), "fmt"))).toBe(true);
  });

  it("continue with what a killed build has compiled", async () => {
    writeFileSync(join(await caches.open("one"), "package"), "compiled");
    const again = new BuildCaches(folder, () => Promise.resolve());
    expect(existsSync(join(await again.open("one"), "package"))).toBe(true);
  });
});
