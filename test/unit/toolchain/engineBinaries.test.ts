import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ENGINE_BINARIES } from "../../stages/stages";

const folder = join(__dirname, "../../engine");

it("the engine stage waits for every binary that one of its tests asks the toolchain for", () => {
  const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const quoted = (list: string) => [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  const asked = texts.flatMap((text) => [
    ...[...text.matchAll(/ensureToolchain\(\{ only: \[([^\]]*)\]/g)].flatMap(([, list]) => quoted(list)),
    ...[...text.matchAll(/Engine\.open\(\[([^\]]*)\]/g)].flatMap(([, list]) =>
      quoted(list).map((plugin) => `pulumi-resource-${plugin}`),
    ),
  ]);
  expect(new Set(asked).size).toBeGreaterThan(8);
  expect([...new Set(asked)].filter((name) => !ENGINE_BINARIES.includes(name))).toEqual([]);
});
