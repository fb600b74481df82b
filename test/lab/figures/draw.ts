/** `npm run lab -- figures`: what the lab's Prometheus saw of this run, as SVG files. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PrometheusClient } from "../../../stacks/site/commands/prometheusClient";
import { withLabPrometheus } from "../site/labPrometheus";
import { chartOf, FIGURES, spanOf } from "./figures";
import { svg } from "./svg";

/** A lab of days is drawn from its last day on. */
const LONGEST_MS = 24 * 3_600_000;

type Log = (line: string) => void;

/**
 * Draws every figure from Prometheus' first data, or the last 24 hours, until now.
 * @param args folder for the files; default: `figures` in the lab's state folder
 * @throws Error when no lab runs, its site is not up or not watched, or Prometheus cannot be reached
 */
export async function figures(log: Log, args: readonly string[]): Promise<void> {
  await withLabPrometheus(({ lab, prometheus, scrapeSeconds }) => {
    const [folder = join(lab.stateDir, "figures")] = args;
    return drawFigures(prometheus, folder, scrapeSeconds, log);
  });
}

/**
 * Writes every figure's file.
 * @param scrapeSeconds time between two values of Prometheus
 * @throws Error when Prometheus has no data of the last day
 */
export async function drawFigures(
  prometheus: PrometheusClient,
  folder: string,
  scrapeSeconds: number,
  log: Log,
): Promise<void> {
  const end = new Date();
  const earliest = new Date(end.getTime() - LONGEST_MS);
  const coarse = Math.max(10, scrapeSeconds);
  const [seen] = await prometheus.queryRange("count(up)", earliest, end, coarse);
  if (seen === undefined) {
    throw new Error("Prometheus has seen nothing yet; wait for its first scrape, and ask again");
  }
  // The first scrape was before the first of these looks, by less than the time between two.
  const start = new Date((seen.points[0].seconds - coarse) * 1000);
  const span = spanOf(start, end, scrapeSeconds);
  mkdirSync(folder, { recursive: true });
  for (const figure of FIGURES) {
    const file = join(folder, `${figure.file}.svg`);
    writeFileSync(file, svg(await chartOf(figure, prometheus, span)));
    log(file);
  }
}
