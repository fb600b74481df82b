/**
 * `npm run plan -- <stack> [--resources]`: what `pulumi up` would make on an empty cloud, without cloud, cluster, engine or
 * any secret of the stack. Nothing is made and nothing is asked of anybody.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSite } from "../load";

const ROOT = join(__dirname, "..", "..", "..");
const STACKS = join(ROOT, "stacks");

function stacks(): string[] {
  const names = readdirSync(STACKS).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

const USAGE = `npm run plan -- STACK [--resources]
Says what \`pulumi up\` would make of a stack: machines with their addresses, jobs that fit, objects by namespace. It runs
the whole program with stand-ins for cloud, cluster and secrets: it asks nobody, makes nothing and needs no passphrase.
  --resources   every resource instead, with inputs and options, secrets masked
  --help        this text
Exit code: 0 the stack file is right; 1 it is not, or the command is wrong.`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) {
    console.log(`${USAGE}\nStacks: ${stacks().join(", ")}`);
    return;
  }
  const unknown = args.find((arg) => arg.startsWith("-") && arg !== "--resources");
  const [stack, ...more] = args.filter((arg) => !arg.startsWith("-"));
  if (stack === undefined || more.length > 0 || unknown !== undefined) {
    throw new Error(
      `usage: npm run plan -- STACK [--resources], with one of the stacks ${stacks().join(", ")}; --help tells more`,
    );
  }
  const file = join("stacks", `Pulumi.${stack}.yaml`);
  if (!existsSync(join(ROOT, file))) {
    throw new Error(`there is no stack "${stack}": no file ${file}. There are: ${stacks().join(", ")}`);
  }
  // The program looks for its stack file below the folder it runs in.
  process.chdir(ROOT);
  const site = loadSite(stack, readFileSync(file), file);
  // Only now, since Pulumi and its providers take seconds to load, and mistakes are told without them.
  const { runProgramOnce } = await import("../offline/programRun.js");
  const { loadProgram } = await import("../offline/loadProgram.js");
  const run = await runProgramOnce({ stack, load: loadProgram });
  const text = args.includes("--resources")
    ? (await import("../offline/dump.js")).dump(run.recording)
    : (await import("../offline/planText.js")).planText(site, run);
  process.stdout.write(text);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
