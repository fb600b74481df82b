/** Round numbers for axes: which values are written beside the lines of a grid. Pure arithmetic. */

/** Lines of a value axis, at most. */
const MOST_LINES = 6;

/** Round steps of a time axis, in seconds, up to four weeks. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800],
  ...[3600, 7200, 10_800, 21_600, 43_200],
  ...[86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400, 28 * 86_400],
];

/**
 * Values of the grid's lines from 0 up to the first that is not below the largest value: 1, 2 or 5 times a power of ten
 * apart, and never more than seven.
 * @param largest value that must fit; 0 or less, or no number, counts as 1
 */
export function valueTicks(largest: number): number[] {
  const most = Number.isFinite(largest) && largest > 0 ? largest : 1;
  const rough = most / MOST_LINES;
  const power = 10 ** Math.floor(Math.log10(rough));
  // Powers of ten are not exact, so the last candidate is beyond all doubt.
  const step = [1, 2, 5, 10, 20].map((digit) => digit * power).find((one) => one * MOST_LINES >= most) as number;
  const lines = Math.ceil(most / step - 1e-9);
  return Array.from({ length: lines + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/**
 * Round moments between two times, both in seconds since 1970: the least round step with no more than so many lines.
 * @param most lines that have room
 */
export function timeTicks(from: number, to: number, most: number): number[] {
  const step = TIME_STEPS.find((one) => (to - from) / one <= most - 1) ?? (TIME_STEPS.at(-1) as number);
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step);
}

/** A moment as it stands below the axis, in UTC: the time of day, or the day where steps are days. */
export function timeText(seconds: number, step: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return step >= 86_400 ? text.slice(5, 10) : text.slice(11, step < 60 ? 19 : 16);
}
