/** Durations as Prometheus writes them. */

const DAYS: Readonly<Record<string, number>> = { y: 365, w: 7, d: 1, h: 1 / 24, m: 1 / 1440, s: 1 / 86_400 };

/** Days of a duration such as `95d` or `1y2w`; undefined when it is none. */
export function daysOf(duration: string): number | undefined {
  const parts = [...duration.matchAll(/(\d+)(ms|[ywdhms])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration) {
    return undefined;
  }
  return parts.reduce((days, [, amount, unit = ""]) => days + Number(amount) * (DAYS[unit] ?? 0), 0);
}
