/** Generated files: written, compared, and removed when nothing generates them any more. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kubernetesProducts } from "../../generate/kubernetesProducts";
import { staleFiles, writeProduct, type Product } from "../../generate/product";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "atlas-site-generate-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const product: Product = {
  name: "pages",
  title: "two pages",
  folders: ["pages"],
  files: () => Promise.resolve({ "pages/a.md": "one\ntwo\n", "pages/deep/b.md": "three\n", "list.json": "[]\n" }),
};

test("generated files that are missing are written, after which nothing is stale and nothing is written again", async () => {
  expect(await staleFiles(root, product)).toEqual([
    "pages/a.md: missing",
    "pages/deep/b.md: missing",
    "list.json: missing",
  ]);
  expect((await writeProduct(root, product)).written).toHaveLength(3);
  expect(readFileSync(join(root, "pages/deep/b.md"), "utf8")).toBe("three\n");
  expect(await staleFiles(root, product)).toEqual([]);
  expect(await writeProduct(root, product)).toEqual({ written: [], removed: [] });
});

test("a generated file that was edited is reported with its line and both texts, and written anew", async () => {
  await writeProduct(root, product);
  writeFileSync(join(root, "pages/a.md"), "one\n2\n");
  expect(await staleFiles(root, product)).toEqual(['pages/a.md:2: committed "2", generated "two"']);
  expect(await writeProduct(root, product)).toEqual({ written: ["pages/a.md"], removed: [] });
});

test("a file in a generated folder that nothing generates is reported and removed; others beside the folder stay", async () => {
  await writeProduct(root, product);
  mkdirSync(join(root, "pages/old"));
  writeFileSync(join(root, "pages/old/c.md"), "");
  writeFileSync(join(root, "by-hand.md"), "");
  expect(await staleFiles(root, product)).toEqual(["pages/old/c.md: nothing generates this file any more"]);
  expect(await writeProduct(root, product)).toEqual({ written: [], removed: ["pages/old/c.md"] });
  expect(existsSync(join(root, "by-hand.md"))).toBe(true);
});

test("the committed tables of Kubernetes' fields are made from the pinned releases", () => {
  expect(kubernetesProducts.map((one) => one.outdated?.())).toEqual([undefined, undefined]);
});
