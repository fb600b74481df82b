/** Prometheus' HTTP API, as far as the commands and the lab need it. */
import { MONITORING_NAMESPACE, PROMETHEUS, PROMETHEUS_PORT } from "../../../components/monitoring/names";
import { withPortForward, type ForwardOptions } from "./portForward";

/** Labels of a series. */
export type Labels = Readonly<Record<string, string>>;

/** A series' value at one time. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A series' values at many times. */
export interface Series {
  readonly labels: Labels;
  /** In the order of time. */
  readonly points: readonly { readonly seconds: number; readonly value: number }[];
}

/** An alert that is pending or firing. */
export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: "pending" | "firing";
  /** Time since which its condition holds, RFC 3339. */
  readonly activeAt: string;
}

/** A rule as Prometheus has loaded it. */
export interface LoadedRule {
  readonly type: "alerting" | "recording";
  /** Name of the alert or of the recorded series. */
  readonly name: string;
  readonly query: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly health: "ok" | "err" | "unknown";
  /** Why it could not be evaluated. */
  readonly lastError?: string;
}

/** A group of rules as Prometheus has loaded it. */
export interface LoadedGroup {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly LoadedRule[];
}

/** A target that is scraped. */
export interface Target {
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: "up" | "down" | "unknown";
  /** Why the last scrape failed; empty: it did not. */
  readonly lastError: string;
}

/** A Prometheus that can be reached. */
export class PrometheusClient {
  private readonly base: string;

  /** @param base URL of the server, e.g. `http://127.0.0.1:9090` */
  constructor(base: string) {
    this.base = base.replace(/\/+$/, "");
  }

  /**
   * Evaluates an expression at one time.
   * @param time default: now
   * @throws Error with Prometheus' own words, when it refuses or cannot be reached
   */
  async query(expression: string, time?: Date): Promise<Sample[]> {
    const given = { query: expression, ...(time === undefined ? {} : { time: seconds(time) }) };
    const { resultType, result } = await this.ask<Result>("query", given);
    if (resultType === "scalar") {
      return [{ labels: {}, value: numberOf((result as unknown as Point)[1]) }];
    }
    return (result as { metric: Labels; value: Point }[]).map(({ metric, value }) => ({
      labels: metric,
      value: numberOf(value[1]),
    }));
  }

  /**
   * Evaluates an expression at many times.
   * @param step seconds between two of them; Prometheus gives 11,000 at most
   * @throws Error as `query`
   */
  async queryRange(expression: string, start: Date, end: Date, step: number): Promise<Series[]> {
    const given = { query: expression, start: seconds(start), end: seconds(end), step: String(step) };
    const { result } = await this.ask<Result>("query_range", given);
    return (result as { metric: Labels; values: Point[] }[]).map(({ metric, values }) => ({
      labels: metric,
      points: values.map(([at, value]) => ({ seconds: at, value: numberOf(value) })),
    }));
  }

  /** Alerts that are pending or firing. */
  async alerts(): Promise<Alert[]> {
    return (await this.ask<{ alerts: Alert[] }>("alerts")).alerts;
  }

  /** Rules it has loaded. */
  async rules(): Promise<LoadedGroup[]> {
    return (await this.ask<{ groups: LoadedGroup[] }>("rules")).groups;
  }

  /** Targets it scrapes. */
  async targets(): Promise<Target[]> {
    return (await this.ask<{ activeTargets: Target[] }>("targets?state=active")).activeTargets;
  }

  /** Asks for a path below `/api/v1/`; what is given goes as a form, which has no limit that an expression could reach. */
  private async ask<T>(path: string, given?: Record<string, string>): Promise<T> {
    const url = `${this.base}/api/v1/${path}`;
    const form = given === undefined ? {} : { method: "POST", body: new URLSearchParams(given) };
    const response = await fetch(url, form).catch((error: Error & { cause?: Error }) => {
      throw new Error(`${url} cannot be reached: ${error.cause?.message ?? error.message}`);
    });
    const text = await response.text();
    const answer = parsed<T>(text);
    if (answer?.status !== "success") {
      const why = answer === undefined ? text.slice(0, 300).trim() : `${answer.errorType}: ${answer.error}`;
      throw new Error(`${url} answered ${response.status}, ${why}${given?.query ? `; to: ${given.query}` : ""}`);
    }
    return answer.data;
  }
}

/**
 * Reaches the Prometheus of a site through its Kubernetes API.
 * @param kubeconfig path of a kubeconfig, such as the operators', that may `create pods/portforward` where Prometheus is
 * @throws Error when there is no way to it, which says what to fix; whatever `use` throws
 */
export function withPrometheus<T>(
  kubeconfig: string,
  use: (prometheus: PrometheusClient) => Promise<T>,
  options: ForwardOptions = {},
): Promise<T> {
  const target = { namespace: MONITORING_NAMESPACE, pod: `${PROMETHEUS}-0`, port: PROMETHEUS_PORT };
  const there = (port: number) => use(new PrometheusClient(`http://127.0.0.1:${port}`));
  return withPortForward(kubeconfig, target, there, options);
}

type Point = [seconds: number, value: string];

interface Result {
  readonly resultType: "vector" | "matrix" | "scalar" | "string";
  readonly result: unknown;
}

type Answer<T> =
  | { readonly status: "success"; readonly data: T }
  | { readonly status: "error"; readonly errorType: string; readonly error: string };

function parsed<T>(text: string): Answer<T> | undefined {
  try {
    return JSON.parse(text) as Answer<T>;
  } catch {
    return undefined;
  }
}

function seconds(time: Date): string {
  return String(time.getTime() / 1000);
}

/** Prometheus writes infinities in a way that JavaScript does not read. */
function numberOf(text: string): number {
  return /^[+-]Inf$/.test(text) ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
}
