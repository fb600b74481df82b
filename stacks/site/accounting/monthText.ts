/** A site's month as people read it. */
import type { AccountedMonth, AccountedUsage } from "./accountedHours";

const HEAD = ["queue", "jobs", "finished", "failed", "core hours", "wall hours"];

/** A table of the queues, and what must be known with it. */
export function monthText(stack: string, accounted: AccountedMonth): string {
  const rows = [
    HEAD,
    ...Object.entries(accounted.queues).map(([queue, usage]) => row(queue, usage)),
    row("all", accounted.total),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  return [`${stack}: jobs that ended in ${accounted.month}, UTC`, ...rows.map(line), ...notes(accounted), ""].join(
    "\n",
  );
}

function row(name: string, { finished, failed, coreHours, wallHours }: AccountedUsage): string[] {
  return [name, ...[finished + failed, finished, failed].map(String), coreHours.toFixed(2), wallHours.toFixed(2)];
}

function notes({ until, settled, dataSince, total }: AccountedMonth): string[] {
  return [
    ...(settled ? [] : [`Not the last word: counted is what ended before ${until} and has been scraped by now.`]),
    ...(dataSince === undefined
      ? []
      : [`Prometheus has no data from before ${dataSince}: what ended earlier is not counted.`]),
    ...(total.unknown === 0
      ? []
      : [`${total.unknown} pods ended and are not counted: no start or no request was seen.`]),
  ];
}
