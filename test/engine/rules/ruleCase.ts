/** A case of a rule: what Prometheus has scraped, and what the rule must make of it. */
import type { Severity } from "../../../components/monitoring/rules/ruleFile";

/** Labels of a series. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Series as promtool writes them: `metric{label="value"}` to values, one a minute, e.g. `0x10 1x20`; `x*` is as long as
 * the case lasts.
 */
export type Scraped = Readonly<Record<string, string>>;

/** Which site's rules are tried. */
export type CaseSite = "small" | "twoQueues";

/** What an alert must do. */
export interface AlertCase {
  readonly alert: string;
  readonly severity: Severity;
  /** What the case shows. */
  readonly shows: string;
  readonly scraped: Scraped;
  /** Minutes after the first scrape when it is looked at. */
  readonly minute: number;
  /** Labels of each firing alert, without name and severity; empty: none may fire. */
  readonly firing: readonly Labels[];
}

/** What a recorded series must be. */
export interface RecordCase {
  readonly record: string;
  readonly shows: string;
  readonly site: CaseSite;
  readonly scraped: Scraped;
  readonly minute: number;
  /** Every series there must be, with its value. */
  readonly values: readonly { readonly labels: Labels; readonly value: number }[];
}

/** A value that stays. */
export function steady(value: number): string {
  return `${value}x*`;
}

/** A counter that grows by so much a minute. */
export function growing(perMinute: number, from = 0): string {
  return `${from}+${perMinute}x*`;
}

/** One value for some minutes, then another for good. */
export function turns(before: number, minutes: number, after: number): string {
  return `${before}x${minutes - 1} ${after}x*`;
}

/** An alert that must fire, once for each of the label sets. */
export function fires(
  alert: string,
  severity: Severity,
  shows: string,
  minute: number,
  firing: readonly Labels[],
  ...scraped: readonly Scraped[]
): AlertCase {
  return { alert, severity, shows, minute, firing, scraped: Object.assign({}, ...scraped) as Scraped };
}

/** An alert that must not fire. */
export function quiet(
  alert: string,
  severity: Severity,
  shows: string,
  minute: number,
  ...scraped: readonly Scraped[]
): AlertCase {
  return fires(alert, severity, shows, minute, [], ...scraped);
}
