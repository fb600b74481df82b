/** When alerts fired and when they went, from what Prometheus showed at one look after another. */
import type { Alert, Labels } from "../../../stacks/commands/prometheusClient";

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
  mended(alert: string, at: number): void {
    this.of(alert).mendedAt = at;
  }

  /** Takes in what Prometheus shows at a moment. What fired before its cause is old and counts for nothing. */
  look(alerts: readonly Alert[], at: number): void {
    for (const sighting of this.sightings) {
      const fires = alerts.some((alert) => alert.state === "firing" && fits(alert.labels, sighting));
      if (fires && sighting.causedAt !== undefined && sighting.mendedAt === undefined) {
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
