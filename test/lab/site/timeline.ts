/** The critical path from an empty cloud to a finished job, from what cloud, cluster and engine wrote down. */

/** Something that happened. */
export interface Milestone {
  readonly what: string;
  /** When, in milliseconds since the epoch; undefined: it was not seen. */
  readonly at?: number;
}

/** The engine's events we look at, one JSON object a line of `pulumi up --event-log`. */
interface EngineEvent {
  timestamp?: number;
  resOutputsEvent?: { metadata?: { op?: string; urn?: string; type?: string } };
}

/** When the last resource of a type was made or changed, by the engine's event log; undefined when none was. */
export function lastCreated(eventLog: string, type: string): number | undefined {
  const times = eventLog
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as EngineEvent)
    .filter(({ resOutputsEvent }) => resOutputsEvent?.metadata?.type === type)
    .filter(({ resOutputsEvent }) => resOutputsEvent?.metadata?.op !== "same")
    .map((event) => event.timestamp)
    .filter((seconds): seconds is number => seconds !== undefined);
  return times.length === 0 ? undefined : Math.max(...times) * 1000;
}

/** When the first-boot program said something, by a machine's console: `atlas-site [12.3s] made the cluster`. */
export function consoleUptime(consoleLog: string, words: string): number | undefined {
  const line = consoleLog.split("\n").find((text) => text.includes("atlas-site [") && text.includes(words));
  const seconds = line === undefined ? undefined : /atlas-site \[([0-9.]+)s\]/.exec(line)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Milestones as lines, in the order of time, in seconds since the start; unseen ones last. */
export function renderTimeline(start: number, milestones: readonly Milestone[]): string[] {
  const seen = milestones.filter((milestone) => milestone.at !== undefined).sort((a, b) => a.at! - b.at!);
  const unseen = milestones.filter((milestone) => milestone.at === undefined);
  return [
    ...seen.map(({ what, at }) => `${((at! - start) / 1000).toFixed(1).padStart(7)} s  ${what}`),
    ...unseen.map(({ what }) => `      ? s  ${what} (not seen)`),
  ];
}
