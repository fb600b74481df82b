/** `npm run toolchain [-- NAME...]`: builds what is missing of the toolchain and lists it. */
import { realpathSync, statSync } from "node:fs";
import { inventory } from "./inventory";
import { ensureToolchain } from "./toolchain";

const USAGE = `npm run toolchain [-- NAME...]
Builds what is missing of the tests' programs, and lists them: those of these names, or all but the ones that are built
on demand only (kwok, for npm run experiment:packing).
  --help    this text
Exit code: 0 all are there; 1 one could not be built.`;

async function main(names: readonly string[]): Promise<void> {
  if (names.includes("--help")) {
    console.log(USAGE);
    return;
  }
  const started = Date.now();
  const toolchain = await ensureToolchain(names.length > 0 ? { only: names } : {});
  const shown = inventory().filter(({ binary, module }) =>
    names.length === 0 ? module.onDemand !== true : names.includes(binary.name),
  );
  for (const { binary } of shown) {
    const size = (statSync(realpathSync(toolchain.binary(binary.name))).size / 1e6).toFixed(0).padStart(4);
    console.log(`${binary.name.padEnd(28)} ${binary.version.padEnd(9)} ${size} MB  ${binary.purpose}`);
  }
  console.log(`${shown.length} binaries in ${toolchain.binDir}, ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
