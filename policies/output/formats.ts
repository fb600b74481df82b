/** The formats that a report can be written in. */
import { githubReport } from "./github";
import { jsonReport } from "./json";
import { junitReport } from "./junit";
import type { FormatOptions, Report } from "./report";
import { sarifReport } from "./sarif";
import { textReport } from "./text";

/** Names of the formats, as `--output` has them. */
export const FORMATS = ["text", "json", "sarif", "junit", "github"] as const;

/** Name of a format. */
export type Format = (typeof FORMATS)[number];

const WRITERS: Readonly<Record<Format, (report: Report, options: FormatOptions) => string>> = {
  text: textReport,
  json: jsonReport,
  sarif: sarifReport,
  junit: junitReport,
  github: githubReport,
};

/** Writes a report. */
export function formatted(format: Format, report: Report, options: FormatOptions): string {
  return WRITERS[format](report, options);
}
