/** `docs/results.md`: each command writes a block of its own between two comments, and leaves the others as they are. */
import { cpus, loadavg, totalmem } from "node:os";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Path of the page. */
export const RESULTS_FILE = join(__dirname, "..", "..", "docs", "results.md");

const MARKS = (name: string) => [`<!-- ${name}: written by its command -->`, `<!-- end of ${name} -->`] as const;

/**
 * The page with one block exchanged.
 * @throws Error when the page has no such block: a place for it is chosen by hand
 */
export function withBlock(page: string, name: string, text: string): string {
  const [open, close] = MARKS(name);
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start) {
    throw new Error(`the page has no block "${name}"; add the lines\n${open}\n${close}\nwhere it belongs`);
  }
  return `${page.slice(0, start + open.length)}\n\n${text.trim()}\n\n${page.slice(end)}`;
}

/** Writes a block of a page, by default of the page of results. */
export function writeBlock(name: string, text: string, file = RESULTS_FILE): void {
  writeFileSync(file, withBlock(readFileSync(file, "utf8"), name, text));
}

/** Date, machine and load, as they stand under a result. */
export function circumstances(command: string, loadBefore: readonly number[]): string {
  const now = new Date().toISOString();
  const gb = Math.round(totalmem() / 2 ** 30);
  const load = (loads: readonly number[]) => loads[0].toFixed(1);
  return (
    `${now.slice(0, 10)}, \`${command}\`, ${cpus().length} cores, ${gb} GB, Node ${process.versions.node}; ` +
    `load average ${load(loadBefore)} before and ${load(loadavg())} after.`
  );
}
