/** One script of the mutated policies and their fixtures, run anew for each mutant, since a constant is made when a module is loaded. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import type { Check } from "./checks.js";

const here = dirname(fileURLToPath(import.meta.url));
const tests = join(here, "../unit/policies");

type Esbuild = typeof import("esbuild");
// tsx, which runs this program, brings esbuild.
const { build } = createRequire(createRequire(import.meta.url).resolve("tsx"))("esbuild") as Esbuild;

/** Files of tests that go through lists member by member, and through the labelled credentials. */
const LISTS = /(?:members|powers|credentials|helpers)\.test\.ts$/;

function entry(): string {
  const files = readdirSync(tests, { recursive: true, encoding: "utf8" }).sort();
  const cases = files.filter((file) => file.endsWith(".cases.ts"));
  return [
    ...files.filter((file) => LISTS.test(file)).map((file) => `import "./${file}";`),
    ...cases.map((file, index) => `import * as file${index} from "./${file}";`),
    `import { checksIn, collectedTests } from ${JSON.stringify(join(here, "checks.ts"))};`,
    `const files = [${cases.map((_, index) => `file${index}`).join(", ")}];`,
    "module.exports = [...files.flatMap(checksIn), ...collectedTests()];",
  ].join("\n");
}

/**
 * Builds the script; each call of the result runs it from its first line.
 * @param texts texts of the mutated files, by path
 */
export async function built(texts: ReadonlyMap<string, string>): Promise<() => readonly Check[]> {
  const result = await build({
    stdin: { contents: entry(), resolveDir: tests, sourcefile: "entry.ts", loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    alias: { vitest: join(here, "checks.ts") },
    plugins: [
      {
        name: "mutants",
        setup(builder) {
          builder.onLoad({ filter: /\/policies\/.*\.ts$/ }, ({ path }) => {
            const contents = texts.get(path) ?? readFileSync(path, "utf8");
            // A build has one folder; a test that reads a file beside it means its own.
            return { contents: contents.replaceAll("__dirname", JSON.stringify(dirname(path))), loader: "ts" };
          });
        },
      },
    ],
  });
  const text = `(function (module, require) {${result.outputFiles[0].text}\n})`;
  const run = new Script(text, { filename: "mutated.cjs" }).runInThisContext() as (
    module: { exports: unknown },
    require: NodeJS.Require,
  ) => void;
  const packages = createRequire(join(here, "../../policies/package.json"));
  return () => {
    const module = { exports: {} };
    run(module, packages);
    return module.exports as readonly Check[];
  };
}
