/**
 * `npm run dump`: writes what each shipped stack asks for to test/golden/, the names alone and everything. Whoever changes
 * the program commits the change of these files with it, so that a reviewer sees what becomes of each site.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dump } from "../offline/dump";
import { loadProgram } from "../offline/loadProgram";
import { runProgramOnce } from "../offline/programRun";

const ROOT = join(__dirname, "..", "..", "..");

/** Names of the shipped stacks: every `stacks/Pulumi.<name>.yaml`. */
function shippedStacks(): string[] {
  const names = readdirSync(join(ROOT, "stacks")).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

function write(file: string, text: string): void {
  const path = join(ROOT, "test", "golden", file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`test/golden/${file} written`);
}

const USAGE = `npm run dump
Writes what each stack file in stacks/ comes to, without a cloud: to test/golden/resources/ every resource, to
test/golden/urns/ the names alone. Commit both with the change that made them. One stack, on the screen: npm run plan.`;

async function main([asked]: readonly string[]): Promise<void> {
  if (asked !== undefined) {
    // It overwrites files, so a word it does not know is no reason to begin.
    console.log(USAGE);
    process.exitCode = asked === "--help" ? 0 : 2;
    return;
  }
  process.chdir(ROOT);
  for (const stack of shippedStacks()) {
    const { recording } = await runProgramOnce({ stack, load: loadProgram });
    write(`urns/${stack}.txt`, `${recording.urns().join("\n")}\n`);
    write(`resources/${stack}.yaml`, dump(recording));
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
