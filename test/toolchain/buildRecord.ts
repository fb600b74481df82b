import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the build of one module took. */
export interface BuildRecord {
  /** Folder of the module under `test/toolchain/go/`, or the standard library. */
  module: string;
  binaries: string[];
  /** When it ended, as an ISO date. */
  ended: string;
  /** Wall-clock time, with the download of its sources. */
  seconds: number;
  /** Processor time of Go, its compilers and linkers. */
  cpuSeconds: number;
  /** Packages compiled, without the standard library. */
  packages: number;
  /** Size of Go's build cache of this module before it was removed, without the standard library, in MiB. */
  compiledMb: number;
  /** Size of the whole cache folder at that moment, the largest since the last removal, in MiB. */
  cacheFolderMb: number;
}

/** File of all records of a cache folder, one JSON object per line, oldest first. */
export function recordsFile(cacheDir: string): string {
  return join(cacheDir, "toolchain", "builds.jsonl");
}

/** Adds a record. */
export function appendRecord(cacheDir: string, record: BuildRecord): void {
  const file = recordsFile(cacheDir);
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}

/** All records of a cache folder, oldest first; none where nothing was built. */
export function readRecords(cacheDir: string): BuildRecord[] {
  try {
    return readFileSync(recordsFile(cacheDir), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as BuildRecord);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
