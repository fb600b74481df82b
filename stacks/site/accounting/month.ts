/** Months of accounting: calendar months in UTC, and when to look at what ended in one. */

/** A calendar month in UTC. */
export interface Month {
  /** As it is written: `2026-11`. */
  readonly name: string;
  /** Its first moment. */
  readonly start: Date;
  /** The first moment of the next. */
  readonly end: Date;
}

/** A time to ask Prometheus at, and how far to look back from it. */
export interface Window {
  readonly end: Date;
  readonly seconds: number;
}

const DAY_MS = 86_400_000;

/**
 * How long after a month Prometheus is still looked at for pods that ended in it: it sees an end at the next scrape, or the
 * first one after it was away. Finished Jobs are kept that long at least; a cross-check of the site makes sure of it.
 */
const TAIL_MS = DAY_MS;

/** The month of a moment, as it is written. */
export function monthAt(moment: Date): string {
  return moment.toISOString().slice(0, 7);
}

/**
 * Reads a month.
 * @param text such as `2026-11`
 * @throws Error for anything else, and for a month that has not begun
 */
export function monthOf(text: string, now: Date): Month {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (year === undefined || month === undefined) {
    throw new Error(`got month "${text}", expected year and month such as ${monthAt(now)}`);
  }
  const start = new Date(Date.UTC(Number(year), Number(month) - 1));
  if (start > now) {
    throw new Error(`got month ${text}, which has not begun: in UTC it is ${now.toISOString()}`);
  }
  return { name: text, start, end: new Date(Date.UTC(Number(year), Number(month))) };
}

/** When the last pod that ended in a month has been seen: no answer changes after that. */
export function inSyncAt({ end }: Month): Date {
  return new Date(end.getTime() + TAIL_MS);
}

/**
 * Windows that together see every pod that ended in a month: one after another, a day each, since what a question about one
 * day costs Prometheus is the same for every site's age. Past months always give the same ones.
 */
export function windowsOf(month: Month, now: Date): Window[] {
  const last = Math.min(now.getTime(), inSyncAt(month).getTime());
  const windows: Window[] = [];
  for (let start = month.start.getTime(); start < last; start += DAY_MS) {
    const end = Math.min(start + DAY_MS, last);
    windows.push({ end: new Date(end), seconds: Math.ceil((end - start) / 1000) });
  }
  return windows;
}
