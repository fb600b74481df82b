/** Loads the program for a run outside the engine, with nothing to wait for or to ask. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { CREATED } from "./cloudAnswers";

const ROOT = join(__dirname, "..", "..", "..");

/**
 * The program, loaded anew, as Pulumi does for every run. What it asks of a network by itself is answered here: no API is
 * waited for, and Magnum calls every cluster created. Nothing else is left out.
 */
export function loadProgram(): () => Record<string, unknown> {
  const load = createRequire(join(ROOT, "index.ts"));
  for (const file of Object.keys(load.cache)) {
    if (file.startsWith(join(ROOT, "components")) || file === join(ROOT, "index.ts")) {
      delete load.cache[file];
    }
  }
  const answers = {
    "./components/cluster/apiReady": { waitForApi: () => Promise.resolve() },
    "./components/cluster/magnum/magnumApi": { magnumApi: () => CREATED },
  };
  for (const [file, answer] of Object.entries(answers)) {
    const path = load.resolve(file);
    load(path);
    const module = load.cache[path];
    if (module === undefined) {
      throw new Error(`${path} was loaded past Node's cache, so its calls over the network cannot be left out`);
    }
    module.exports = answer;
  }
  const program = load("./index.ts") as { default?: () => Record<string, unknown> } | (() => Record<string, unknown>);
  return typeof program === "function" ? program : program.default!;
}
