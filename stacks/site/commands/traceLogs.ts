/** Reading of audit logs: files and folders, plain or packed by gzip, of which only lines on one Job are kept. */
import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { mayConcern } from "../trace/auditAccount";
import { auditEventsOf, type AuditEvent } from "../trace/auditEvent";
import type { AuditReach } from "../trace/trace";

/** What was read. */
export interface ReadLogs {
  /** Events of lines that may be on the Job. */
  readonly events: AuditEvent[];
  readonly reach: AuditReach;
}

/** A time of an event, as it stands in a line of any of the formats. */
const TIME = /\\?"stageTimestamp\\?":\\?"([^"\\]+)/g;

/**
 * Reads logs.
 * @param paths files; folders are read with all that is below them
 * @throws Error for a path that is not there, a file that cannot be read to its end, and when no file was found
 */
export async function readLogs(paths: readonly string[], job: string): Promise<ReadLogs> {
  const files = [...new Set(paths.flatMap(filesOf))];
  if (files.length === 0) {
    throw new Error(`there is no file in ${paths.join(", ")}; name files with audit logs, or a folder that holds some`);
  }
  const events: AuditEvent[] = [];
  const reach = {
    files: files.length,
    lines: 0,
    from: undefined as string | undefined,
    to: undefined as string | undefined,
  };
  const see = (line: string) => {
    reach.lines += 1;
    for (const [, time = ""] of line.matchAll(TIME)) {
      reach.from = reach.from === undefined || time < reach.from ? time : reach.from;
      reach.to = reach.to === undefined || time > reach.to ? time : reach.to;
    }
    // Of gigabytes of lines most are on other things: to look for a word is quicker than to read them.
    if (mayConcern(line, job)) {
      events.push(...auditEventsOf(line));
    }
  };
  for (const file of files) {
    await eachLine(file, see);
  }
  return { events, reach };
}

async function eachLine(file: string, see: (line: string) => void): Promise<void> {
  try {
    for await (const line of linesOf(file)) {
      see(line);
    }
  } catch (error) {
    throw new Error(
      `--logs ${file}: it cannot be read to its end (${(error as Error).message}); copy it anew, or read it as a user who may`,
    );
  }
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) {
    throw new Error(`--logs ${path}: there is no such file or folder; name audit logs, or a folder that holds some`);
  }
  if (!statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}

function linesOf(file: string): AsyncIterable<string> {
  const raw = createReadStream(file);
  // Unlike a pipe it hands on an error of the file itself; whoever reads the lines gets it.
  const input = file.endsWith(".gz") ? pipeline(raw, createGunzip(), () => undefined) : raw;
  return createInterface({ input, crlfDelay: Infinity });
}
