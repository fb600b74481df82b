/**
 * `npm run bench:policies [-- STACK [RUNS]]`: what the policy pack costs a preview. The real engine previews the shipped
 * site (default cern) on an empty backend with and without the pack, in turns; the cloud that answers its two questions is
 * a stand-in on loopback, so the network of a real cloud is in neither. Exit code 1 when the pack costs more than a fifth.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { Engine } from "../support/engine";
import { ROOT, shippedStacks, stackFileText } from "../support/sites";
import { answered } from "./help";
import { benchFiles } from "./policyFiles";
import { startStandInCloud, type StandInCloud } from "./standInCloud";

/** What the pack may cost. */
const MOST = 1.2;
const USAGE = `npm run bench:policies [-- STACK [RUNS]]
Compares previews of a shipped stack (cern where none is named) with and without the policy pack, in turns, RUNS times each
(3 where nothing is said), by the real engine and a stand-in for the cloud. It takes some minutes.
  files     instead: policy:check on 1, 1,000 and 10,000 small files, and checkov on the 1,000; it needs Python, and the package
            index where checkov is not installed. Exit code 0: at most 1.5 s of CPU for 1,000, and a fifth of checkov's
  --help    this text
Exit code: 0 the pack costs at most a fifth; 1 it costs more; 2 it could not be measured, or the command is wrong.`;
/** Opens the example secret of every shipped stack. */
const PASSPHRASE = "example";

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** A copy of the project that the engine may write to. */
function project(engine: Engine): string {
  const folder = join(engine.folder, "project");
  mkdirSync(folder);
  for (const name of [
    "Pulumi.yaml",
    "index.ts",
    "versions.ts",
    "package.json",
    "tsconfig.json",
    "tsconfig.pulumi.json",
    "components",
    "node_modules",
    "policies",
  ]) {
    symlinkSync(join(ROOT, name), join(folder, name));
  }
  cpSync(join(ROOT, "stacks"), join(folder, "stacks"), { recursive: true });
  return folder;
}

/** The region a shipped site is in. */
function regionOf(stack: string): string {
  const { config } = parse(stackFileText(stack)) as { config: Record<string, { region?: string }> };
  return config["atlas-site:cloud"]?.region ?? "any";
}

/** What a command took. */
interface Taken {
  readonly wallMs: number;
  /** Of the command and all it started: other work on the machine is not in it. */
  readonly cpuMs: number;
  readonly output: string;
}

/** Time in the words of the shell's `times`: `1m2.34s`. */
function milliseconds(text: string): number {
  const [, minutes, rest] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return (Number(minutes) * 60 + Number(rest)) * 1000;
}

async function timed(engine: Engine, folder: string, args: readonly string[]): Promise<Taken> {
  const start = Date.now();
  const script = 'pulumi "$@" --non-interactive; code=$?; times >&2; exit $code';
  const options = { cwd: folder, env: { ...process.env, ...engine.environment }, maxBuffer: 64 << 20 };
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", script, "sh", ...args], options);
  // The shell's own time, then that of what it ran.
  const [user = "", system = ""] = stderr.trim().split("\n").at(-1)?.split(" ") ?? [];
  return { wallMs: Date.now() - start, cpuMs: milliseconds(user) + milliseconds(system), output: stdout + stderr };
}

function report(taken: readonly Taken[]): { wall: number; cpu: number } {
  return { wall: median(taken.map(({ wallMs }) => wallMs)), cpu: median(taken.map(({ cpuMs }) => cpuMs)) };
}

async function bench(engine: Engine, cloud: StandInCloud, stack: string, runs: number): Promise<number> {
  const folder = project(engine);
  Object.assign(process.env, cloud.environment);
  await timed(engine, folder, ["stack", "init", stack, "--secrets-provider", "passphrase"]);
  const preview = ["preview", "--stack", stack];
  const judged = [...preview, "--policy-pack", "policies"];
  // The first run of each reads everything from the disk.
  await timed(engine, folder, preview);
  const { output } = await timed(engine, folder, judged);
  const created = /\+ (\d+) to create/.exec(output)?.[1] ?? "no";
  const times: { without: Taken[]; with: Taken[] } = { without: [], with: [] };
  for (let run = 1; run <= runs; run += 1) {
    times.without.push(await timed(engine, folder, preview));
    times.with.push(await timed(engine, folder, judged));
    const [bare, packed] = [times.without.at(-1) as Taken, times.with.at(-1) as Taken];
    console.error(
      `run ${run}: ${seconds(bare.wallMs)} (CPU ${seconds(bare.cpuMs)}) without the pack, ${seconds(packed.wallMs)} (CPU ${seconds(packed.cpuMs)}) with it`,
    );
  }
  const [bare, packed] = [report(times.without), report(times.with)];
  const ratio = packed.wall / bare.wall;
  console.log(
    [
      `preview of ${stack}, ${created} resources, ${runs} runs each, medians`,
      `without the pack: ${seconds(bare.wall)}, CPU ${seconds(bare.cpu)}`,
      `with the pack:    ${seconds(packed.wall)}, CPU ${seconds(packed.cpu)}`,
      `ratio: ${ratio.toFixed(2)} (at most ${MOST}), of CPU ${(packed.cpu / bare.cpu).toFixed(2)}`,
      ...(cloud.unanswered.length === 0
        ? []
        : [`the stand-in cloud had no answer for: ${cloud.unanswered.join(", ")}`]),
    ].join("\n"),
  );
  return ratio;
}

async function main(args: readonly string[]): Promise<void> {
  if (answered(args, USAGE, { most: 2 })) {
    return;
  }
  const [stack = "cern", runs = "3"] = args;
  if (stack === "files") {
    process.exitCode = benchFiles() ? 0 : 1;
    return;
  }
  if (!shippedStacks().includes(stack) || !/^[1-9]\d*$/.test(runs)) {
    throw new Error(`"${stack} ${runs}": write one of ${shippedStacks().join(", ")}, and a number of runs such as 3`);
  }
  const engine = await Engine.open(["kubernetes", "openstack"], PASSPHRASE);
  const cloud = await startStandInCloud(regionOf(stack));
  try {
    process.exitCode = (await bench(engine, cloud, stack, Number(runs))) <= MOST ? 0 : 1;
  } finally {
    await cloud.close();
    engine.close();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
