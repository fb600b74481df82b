/** Loads the program for a run outside the engine, with nothing to wait for. */
import { createRequire } from "node:module";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..", "..");

/**
 * The program, loaded anew, as Pulumi does for every run. The wait for the Kubernetes API is left out, since no API comes;
 * nothing else is.
 */
export function loadProgram(): () => Record<string, unknown> {
  const load = createRequire(join(ROOT, "index.ts"));
  const wait = load.resolve("./components/cluster/apiReady");
  for (const file of Object.keys(load.cache)) {
    if (file.startsWith(join(ROOT, "components")) || file === join(ROOT, "index.ts")) {
      delete load.cache[file];
    }
  }
  load(wait);
  const module = load.cache[wait];
  if (module === undefined) {
    throw new Error(`${wait} was loaded past Node's cache, so the wait for the Kubernetes API cannot be left out`);
  }
  module.exports = { waitForApi: () => Promise.resolve() };
  const program = load("./index.ts") as { default?: () => Record<string, unknown> } | (() => Record<string, unknown>);
  return typeof program === "function" ? program : program.default!;
}
