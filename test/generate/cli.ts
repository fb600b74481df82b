/**
 * `npm run generate [-- NAME...] [-- --check]`: writes everything that is generated and committed, or reports what is not
 * up to date.
 */
import { ROOT } from "../support/sites";
import { staleFiles, writeProduct, type Product } from "./product";
import { products } from "./products";

const USAGE = [
  "npm run generate [-- NAME...] [-- --check]",
  "Writes every committed file that is generated from the program, or these groups of them:",
  ...products.map(({ name, title }) => `  ${name.padEnd(18)} ${title}`),
  "  --check            writes nothing; reports each committed file that is not what the program generates",
  "Exit code: 0 done, or nothing to report; 1 a file is not up to date, or generating it failed; 2 wrong usage.",
].join("\n");

/** Products to run: those named, otherwise all. */
function chosen(names: readonly string[]): Product[] {
  return products.filter(({ name }) => names.length === 0 || names.includes(name));
}

async function check(names: readonly string[]): Promise<void> {
  for (const product of chosen(names)) {
    const outdated = product.outdated?.();
    // Without Go nothing but the pinned release can be compared; a name on the command line asks for more.
    const compared = product.outdated === undefined || names.length > 0 ? await staleFiles(ROOT, product) : [];
    const stale = outdated === undefined ? compared : [outdated];
    stale.forEach((line) => console.log(line));
    if (stale.length > 0) {
      console.log(`fix: npm run generate -- ${product.name}, then read and commit the difference`);
      process.exitCode = 1;
    }
  }
  if (process.exitCode !== 1) {
    console.log("every generated file is up to date");
  }
}

async function write(names: readonly string[]): Promise<void> {
  for (const product of chosen(names)) {
    if (names.length === 0 && product.outdated !== undefined && product.outdated() === undefined) {
      continue;
    }
    const { written, removed } = await writeProduct(ROOT, product);
    written.forEach((path) => console.log(`${path} written`));
    removed.forEach((path) => console.log(`${path} removed`));
    if (written.length + removed.length === 0) {
      console.log(`${product.name}: no change`);
    }
  }
}

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((word) => !word.startsWith("--"));
  const unknown = [
    ...args.filter((word) => word.startsWith("--") && !["--check", "--help"].includes(word)),
    ...names.filter((name) => !products.some((product) => product.name === name)),
  ];
  if (unknown.length > 0 || args.includes("--help")) {
    if (unknown.length > 0) {
      console.log(`unknown: ${unknown.join(", ")}`);
      process.exitCode = 2;
    }
    console.log(USAGE);
    return;
  }
  // The program looks for stack files below the folder that it runs in.
  process.chdir(ROOT);
  await (args.includes("--check") ? check(names) : write(names));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
