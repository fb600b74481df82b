/** When alerts fired and when they went, from what Prometheus showed at one look after another. */
import type { Alert, Labels, PrometheusClient } from "../../../stacks/site/commands/prometheusClient";

/** An alert that is to be seen. */
export interface Expected {
  readonly alert: string;
  /** Labels it must have; others do not matter. */
  readonly labels?: Labels;
  /** How long after its cause the alert is due by its own rule, in seconds: what its expression looks back, and its `for`. */
  readonly dueSeconds: number;
}

/** What was seen of an alert; times in milliseconds since the epoch, of the first look that showed it. */
export interface Sighting extends Expected {
  /** When it was made to happen. */
  causedAt?: number;
  /** When it was first seen not to fire after that. */
  quietAt?: number;
  firedAt?: number;
  /** When its cause was taken away. */
  mendedAt?: number;
  goneAt?: number;
}

/** Keeps account of some alerts. */
export class AlertLog {
  readonly sightings: readonly Sighting[];

  constructor(expected: readonly Expected[]) {
    this.sightings = expected.map((one) => ({ ...one }));
  }

  /** Notes that an alert's cause is there. */
  caused(alert: string, at: number): void {
    this.of(alert).causedAt = at;
  }

  /** Notes that its cause was taken away. */
  fixed(alert: string, at: number): void {
    this.of(alert).mendedAt = at;
  }

  /** Takes in what Prometheus shows at a moment. What still fires from before its cause is old and counts for nothing. */
  look(alerts: readonly Pick<Alert, "labels" | "state">[], at: number): void {
    for (const sighting of this.sightings) {
      const fires = alerts.some((alert) => alert.state === "firing" && fits(alert.labels, sighting));
      const caused = sighting.causedAt !== undefined && sighting.causedAt <= at;
      if (caused && !fires) {
        sighting.quietAt ??= at;
      }
      if (fires && sighting.quietAt !== undefined && sighting.mendedAt === undefined) {
        sighting.firedAt ??= at;
      }
      if (!fires && sighting.mendedAt !== undefined) {
        sighting.goneAt ??= at;
      }
      if (fires && sighting.mendedAt !== undefined) {
        // It came again: that was no end.
        sighting.goneAt = undefined;
      }
    }
  }

  /** Takes in, second by second, what Prometheus showed since a moment in the past. */
  async lookBack(prometheus: Pick<PrometheusClient, "queryRange">, since: number): Promise<void> {
    const fired = await prometheus.queryRange('ALERTS{alertstate="firing"}', new Date(since), new Date(), 1);
    const alerts = new Map<number, Pick<Alert, "labels" | "state">[]>();
    for (let at = since; at < Date.now(); at += 1000) {
      alerts.set(Math.round(at / 1000), []);
    }
    for (const { labels, points } of fired) {
      for (const { seconds } of points) {
        alerts.get(Math.round(seconds))?.push({ labels, state: "firing" });
      }
    }
    [...alerts].forEach(([seconds, then]) => this.look(then, seconds * 1000));
  }

  /** Alerts that have not fired. */
  silent(): string[] {
    return this.sightings.filter(({ firedAt }) => firedAt === undefined).map(({ alert }) => alert);
  }

  /** Alerts that have not gone. */
  lasting(): string[] {
    return this.sightings.filter(({ goneAt }) => goneAt === undefined).map(({ alert }) => alert);
  }

  /** From cause to fire, in seconds. */
  firedAfter({ causedAt, firedAt }: Sighting): number {
    return secondsBetween(causedAt, firedAt);
  }

  /** From the end of the cause to the alert's, in seconds. */
  goneAfter({ mendedAt, goneAt }: Sighting): number {
    return secondsBetween(mendedAt, goneAt);
  }

  /** The account as a table. */
  table(): string {
    const seconds = (value: number) => (Number.isNaN(value) ? "never" : `${value.toFixed(0)} s`);
    const rows = this.sightings.map((one) => [
      one.alert,
      seconds(one.dueSeconds),
      seconds(this.firedAfter(one)),
      seconds(this.goneAfter(one)),
    ]);
    return aligned([["alert", "due after", "fired after", "gone after"], ...rows]);
  }

  private of(alert: string): Sighting {
    const found = this.sightings.find((one) => one.alert === alert);
    if (found === undefined) {
      throw new Error(`no alert ${alert} is expected, only ${this.sightings.map((one) => one.alert).join(", ")}`);
    }
    return found;
  }
}

/** Rows with their cells below one another. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function fits(labels: Labels, { alert, labels: wanted = {} }: Expected): boolean {
  return labels.alertname === alert && Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

function secondsBetween(from: number | undefined, to: number | undefined): number {
  return from === undefined || to === undefined ? NaN : (to - from) / 1000;
}
