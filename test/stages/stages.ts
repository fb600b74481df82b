/** The stages of `npm test`, cheapest first. */
import type { Say } from "./console";
import { runStaticChecks } from "./staticChecks";
import type { Tally } from "./tally";
import { runVitest } from "./vitestRun";

/** A stage. */
export interface Stage {
  readonly name: string;
  /** What it does, in a few words. */
  readonly title: string;
  /** Whether it needs the toolchain's binaries. */
  readonly needsToolchain: boolean;
  run(say: Say): Promise<Tally>;
}

/** Every stage, in the order they run. */
export const STAGES: readonly Stage[] = [
  {
    name: "static",
    title: "types, lint, format",
    needsToolchain: false,
    run: runStaticChecks,
  },
  {
    name: "unit",
    title: "plans, texts and the whole program against stand-ins for cloud and engine",
    needsToolchain: false,
    run: (say) => runVitest({ folders: ["test/unit/"] }, say),
  },
  {
    name: "engine",
    title: "the real pulumi command on temporary backends, without a cloud",
    needsToolchain: true,
    run: (say) => runVitest({ folders: ["test/engine/"], everyTest: true, more: ["--maxWorkers=2"] }, say),
  },
  {
    name: "lab",
    title: "the real cluster on the lab's cloud, from empty to empty",
    needsToolchain: true,
    // There is one lab on a machine: its files run one after the other, and after a failure nothing stands to test on.
    run: (say) =>
      runVitest(
        { folders: ["test/lab/"], everyTest: true, more: ["--no-file-parallelism", "--maxWorkers=1", "--bail=1"] },
        say,
      ),
  },
];

/**
 * The stages of these names, in their own order; all for no names.
 * @throws Error that names the unknown ones
 */
export function chosenStages(names: readonly string[]): Stage[] {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = STAGES.map((stage) => `${stage.name} (${stage.title})`).join(", ");
    throw new Error(`no stage ${unknown.map((name) => `"${name}"`).join(", ")}; there are: ${known}`);
  }
  return STAGES.filter((stage) => names.length === 0 || names.includes(stage.name));
}
