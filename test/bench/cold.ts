/**
 * `npm run bench:cold`: how long a first run takes, how much processor time and disk, in all and per module. It works in
 * a cache folder of its own, so what is built already stays.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { diskUseMb } from "../toolchain/diskUse";
import { readRecords } from "../toolchain/buildRecord";
import { cacheDir } from "../toolchain/cache";
import { ensureToolchain } from "../toolchain";
import { labDown } from "../lab/lab";
import { openSite, runSite } from "../lab/site/mainJob";
import { coldTable, currentLoad, withTable } from "./coldTable";

const PAGE = join(__dirname, "../../docs/lab.md");

const USAGE = `npm run bench:cold [-- [--write] [BINARY...]]
Measures a cold start in a cache folder of its own, which it empties first and removes afterwards: what npm run lab does,
to the finished job, and then npm run lab -- down. Prints minutes, processor time, disk, and a table of the modules.
The npm and Debian packages are not removed first; where the lab's are installed, the two minutes they take are not in it.
  BINARY    builds these binaries alone, without the lab
  --write   writes the table into docs/lab.md
  --help    this text
There is one lab per machine, so end a running one first: npm run lab -- down.
Exit code: 0 measured; 1 something failed; 2 the command is wrong.`;

const log = (line: string) => process.stderr.write(`${line}\n`);

/** How often the cache folder is measured while the lab starts, in milliseconds; du of it takes a second or two. */
const SAMPLE_MS = 30_000;

/** Processor seconds used on this machine since it booted, idle and waiting time excluded. */
function machineCpuSeconds(): number {
  const ticks = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return ticks.reduce((sum, ms) => sum + ms, 0) / 1000;
}

/** The emptied cache folder, beside the usual one. */
function emptied(): string {
  const folder = `${cacheDir()}-cold`;
  const mark = join(folder, "bench-cold");
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(mark)) {
    throw new Error(`${folder} exists and is not of npm run bench:cold: move it away, or set ATLAS_SITE_CACHE`);
  }
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

async function start(binaries: readonly string[]): Promise<void> {
  if (binaries.length > 0) {
    await ensureToolchain({ only: binaries, log });
    return;
  }
  const { lab, stack } = await openSite(log);
  const { job } = await runSite(lab, stack, log);
  if (!job.succeeded) throw new Error(`the pilot job failed: ${job.reason}`);
}

async function measure(binaries: readonly string[], write: boolean): Promise<void> {
  const folder = emptied();
  // Everything below asks for the cache folder by this variable.
  process.env.ATLAS_SITE_CACHE = folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bench-cold"), "");
  const loadBefore = currentLoad();
  const [begun, cpuBefore] = [Date.now(), machineCpuSeconds()];
  let peakMb = 0;
  const sample = async () => void (peakMb = Math.max(peakMb, await diskUseMb(folder)));
  const sampling = setInterval(() => void sample(), SAMPLE_MS);
  try {
    await start(binaries).finally(() => clearInterval(sampling));
    const [seconds, machine] = [(Date.now() - begun) / 1000, machineCpuSeconds() - cpuBefore];
    await sample();
    const builds = readRecords(folder);
    const table = coldTable({
      ended: new Date().toISOString(),
      what: binaries.length > 0 ? `building ${binaries.join(", ")}` : "`npm run lab`, to the finished job,",
      ...{ seconds, machineCpuSeconds: machine, cores: cpus().length, loadBefore, builds },
      peakMb: Math.max(peakMb, ...builds.map(({ cacheFolderMb }) => cacheFolderMb)),
      leftMb: await diskUseMb(folder),
    });
    console.log(table);
    if (write) writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), table));
  } finally {
    if (binaries.length === 0) await labDown(log);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(args: readonly string[]): Promise<void> {
  const strange = args.filter((arg) => arg.startsWith("-") && !["--write", "--help"].includes(arg));
  if (args.includes("--help")) {
    console.log(USAGE);
  } else if (strange.length > 0) {
    console.error(`unknown option ${strange.join(" ")}\n\n${USAGE}`);
    process.exitCode = 2;
  } else {
    await measure(
      args.filter((arg) => !arg.startsWith("-")),
      args.includes("--write"),
    );
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
