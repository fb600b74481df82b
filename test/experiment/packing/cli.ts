/** `npm run experiment:packing`: the paper's Figures 3 and 4 on a real scheduler. */
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadSite } from "../../../stacks/site/load";
import { ROOT, shippedStacks, stackFileText } from "../../support/sites";
import { circumstances, writeBlock } from "../results";
import { pairSvg } from "./picture";
import { jobCores } from "./replay";
import { table, type Experiment } from "./report";
import { run } from "./run";
import { batchSite, type BatchSite, type Rates } from "./siteNodes";
import { END_HOURS, workload } from "./workload";

const USAGE = `npm run experiment:packing -- [SITE] [options]
Runs 1-core and 8-core jobs of SITE's own template (default: uvic-test) on SITE's batch nodes, played by kwok, first with the
default scheduling of Kubernetes, then with the site's: real etcd, API server, controller manager and scheduler. ${END_HOURS} hours
of the site's time pass in ${END_HOURS} hours divided by the compression. Prints a table, and draws a pair of pictures into
the folder. Interrupt it at any time; nothing is left.
  --compression N   seconds of the site's time in one second (default 360: 5 min 20 s for each profile)
  --hours H         stop after so many hours of the site's time
  --seed N          of the jobs (default 1)
  --nodes N         nodes in place of the site's
  --vcpus N         cores of each node in place of the site's; memory and disk in proportion
  --rates stock     requests per second of scheduler and controller manager as Kubernetes has them, not as the site
  --folder DIR      for pictures and table (default: experiment in the current folder)
  --write           writes the result to docs/results.md and the pictures to docs/figures/ instead
  --help            this text
Exit code: 0 measured; 1 it failed; 2 the command is wrong.`;

const log = (line: string) => process.stderr.write(`${line}\n`);

/** The command's words. */
function words(args: readonly string[]) {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ compression: text, hours: text, seed: text, nodes: text, vcpus: text, rates: text, folder: text },
      ...{ write: { type: "boolean" }, help: { type: "boolean" } },
    },
  });
  const number = (name: "compression" | "hours" | "seed" | "nodes" | "vcpus", otherwise: number): number => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} ${values[name]}: write a number above 0`);
    return value;
  };
  const [site = "uvic-test", ...more] = positionals;
  if (!shippedStacks().includes(site) || more.length > 0) {
    throw new Error(`"${positionals.join(" ")}": write one of the sites ${shippedStacks().join(", ")}`);
  }
  if (values.rates !== undefined && values.rates !== "stock" && values.rates !== "site") {
    throw new Error(`--rates ${values.rates}: write stock or site`);
  }
  return {
    site,
    help: values.help ?? false,
    write: values.write ?? false,
    folder: values.folder ?? "experiment",
    rates: (values.rates ?? "site") as Rates,
    compression: number("compression", 360),
    hours: number("hours", END_HOURS),
    seed: number("seed", 1),
    nodes: values.nodes === undefined ? undefined : number("nodes", 1),
    vcpus: values.vcpus === undefined ? undefined : number("vcpus", 1),
  };
}

type Words = ReturnType<typeof words>;

function sized({ site, nodes, vcpus }: Words): BatchSite {
  const given = loadSite(site, stackFileText(site), `stacks/Pulumi.${site}.yaml`);
  const plain = batchSite(given);
  const { flavor, count } = plain.pool;
  if (nodes === undefined && vcpus === undefined) return plain;
  const factor = (vcpus ?? flavor.vcpus) / flavor.vcpus;
  const grown = {
    name: flavor.name,
    vcpus: flavor.vcpus * factor,
    ramMb: flavor.ramMb * factor,
    diskGb: flavor.diskGb * factor,
  };
  return batchSite(given, { count: nodes ?? count, flavor: grown });
}

async function measure(options: Words, batch: BatchSite): Promise<Experiment> {
  const { compression, hours, seed, rates } = options;
  const work = workload(jobCores(batch.shape), seed);
  const common = { compression, endHours: hours, rates, log };
  const runs = {
    default: await run(batch, work, { ...common, profile: "default" }),
    packing: await run(batch, work, { ...common, profile: "packing" }),
  };
  return { shape: batch.shape, work, endHours: hours, compression, seed, runs };
}

async function main(args: readonly string[]): Promise<void> {
  let options: Words;
  try {
    options = words(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const loadBefore = loadavg();
  const batch = sized(options);
  const { nodes, slots } = batch.shape;
  log(`${options.site}: ${nodes} nodes of ${slots} job cores, seed ${options.seed}`);
  const experiment = await measure(options, batch);
  const name = [options.site, ...(options.nodes === undefined ? [] : [String(jobCores(batch.shape))])].join("-");
  const command = `npm run experiment:packing -- ${args.filter((arg) => arg !== "--write").join(" ")}`.trim();
  const text = [
    ...(options.write
      ? [`![Cores in use by default scheduling and by packing, ${name}](figures/packing-${name}.svg)`, ""]
      : []),
    `${nodes} nodes of ${slots} cores for jobs, ${options.hours} hours in ${((options.hours * 60) / options.compression).toFixed(1)} ` +
      `minutes (1 : ${options.compression}), seed ${options.seed}, rates of the ${options.rates === "site" ? "site" : "stock programs"}.`,
    "",
    table(experiment),
    "",
    circumstances(command, loadBefore),
  ].join("\n");
  const moments = { default: experiment.runs.default.moments, packing: experiment.runs.packing.moments };
  const svg = pairSvg(name, moments, batch.shape, options.hours);
  const folder = options.write ? join(ROOT, "docs", "figures") : options.folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `packing-${name}.svg`), svg);
  // Only now, since the renderer is a native program that --help must not need.
  const { png } = await import("./png.js");
  writeFileSync(join(folder, `packing-${name}.png`), png(svg));
  if (options.write) writeBlock(`packing-${name}`, text);
  if (options.write && name === "cern") {
    const picture =
      "![Cores in use at the site cern: default scheduling on top, packing below](docs/figures/packing-cern.svg)";
    writeBlock("packing", picture, join(ROOT, "README.md"));
  }
  console.log(text);
  log(`pictures: ${join(folder, `packing-${name}.svg`)} and .png`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
