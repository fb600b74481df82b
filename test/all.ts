/**
 * `npm test [-- STAGE...]`: the project's tests, stage by stage. The last line is the count, the exit code is 0 only when
 * nothing failed. A stage that breaks counts as a failed test, and the later ones run all the same.
 */
import { elapsed, sayer } from "./stages/console";
import { binariesOf, chosenStages, STAGES, type Stage } from "./stages/stages";
import { judged, lastLine, nothing, oneFailed, sum, total, type Named, type Tally } from "./stages/tally";
import { ensureToolchain } from "./toolchain";

function usage(): string {
  const stages = STAGES.map(({ name, title }) => `  ${name.padEnd(8)} ${title}`);
  return [
    "npm test [-- STAGE...]",
    "Runs the project's tests, all or these stages of them:",
    ...stages,
    "  --help   this text",
    "Exit code: 0 no test failed; 1 one did, or a stage broke.",
  ].join("\n");
}

type Built = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Waits until binaries are there, which another call may be building, and builds what is missing. */
async function built(binaries: readonly string[] | "all"): Promise<Built> {
  try {
    await ensureToolchain({ log: console.log, ...(binaries === "all" ? {} : { only: binaries }) });
    return { ok: true };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

async function runStage(stage: Stage): Promise<Tally> {
  const start = Date.now();
  const say = sayer(stage.name);
  say(stage.title);
  let tally: Tally;
  try {
    const toolchain = stage.binaries.length === 0 ? ({ ok: true } as const) : await built(stage.binaries);
    if (!toolchain.ok) {
      const why = `not run, its part of the toolchain is missing: ${toolchain.why}`;
      say(why);
      tally = oneFailed(stage.name, why);
    } else {
      tally = await stage.run(say);
    }
  } catch (error) {
    say(`broke: ${error instanceof Error ? error.stack : String(error)}`);
    tally = oneFailed(stage.name, `broke: ${String(error)}`);
  }
  // In other words than the last line, which whoever reads the output looks for.
  say(`${tally.passed} of ${total(tally)} tests passed in ${elapsed(start)}`);
  return tally;
}

async function main(names: readonly string[]): Promise<void> {
  if (names.includes("--help")) {
    console.log(usage());
    return;
  }
  const stages = chosenStages(names);
  const binaries = binariesOf(stages);
  // Building takes most of a first run, so it starts now, beside the stages that need nothing of it; each later stage
  // waits for its own binaries only.
  if (binaries.length > 0) void built(binaries);
  let all = nothing;
  for (const stage of stages) {
    all = sum(all, await runStage(stage));
  }
  const verdict = judged(all, process.env.CI === "true");
  const list = (what: string, tests: readonly Named[]) =>
    tests.forEach(({ name, reason }) => console.log(`${what}: ${name}${reason === "" ? "" : ` (${reason})`}`));
  list("skipped", verdict.skipped);
  list("failed", verdict.failed);
  console.log(lastLine(verdict));
  process.exitCode = verdict.failed.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.log(lastLine(oneFailed("npm test", String(error))));
  process.exitCode = 1;
});
