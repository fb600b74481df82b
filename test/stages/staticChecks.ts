/** Checks that need nothing but the tree: each counts as one test. */
import { run } from "./command";
import type { Say } from "./console";
import { nothing, oneFailed, onePassed, sum, type Tally } from "./tally";

const CHECKS: readonly { readonly title: string; readonly argv: readonly string[] }[] = [
  { title: "types: tsc --noEmit", argv: ["npx", "tsc", "--noEmit", "--pretty", "false"] },
  {
    title: "types of the program, where an index may find nothing: tsc -p tsconfig.product.json",
    argv: ["npx", "tsc", "--noEmit", "--pretty", "false", "-p", "tsconfig.product.json"],
  },
  { title: "lint: eslint", argv: ["npx", "eslint", "--no-color", "."] },
  { title: "format: prettier --check", argv: ["npx", "prettier", "--no-color", "--check", "--log-level", "warn", "."] },
  {
    title: "programs in shell and Python: shellcheck, ruff",
    argv: [process.execPath, "--import", "tsx", "test/stages/lintPrograms.ts"],
  },
  {
    title: "generated files: npm run generate -- --check",
    argv: [process.execPath, "--import", "tsx", "test/generate/cli.ts", "--check"],
  },
];

/** Runs all of them, two at a time: that is how many cores a small CI machine has. */
export async function runStaticChecks(say: Say): Promise<Tally> {
  let tally = nothing;
  const waiting = [...CHECKS];
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const ok = await run(check, say);
      say(`${ok ? "✓" : "✗"} ${check.title}`);
      tally = sum(tally, ok ? onePassed : oneFailed(check.title, "see above"));
    }
  };
  await Promise.all([work(), work()]);
  return tally;
}
