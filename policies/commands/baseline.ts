/** Findings that are known: they do not fail, new ones do. */
import { z } from "zod";
import { grouped, type Finding, type Report } from "../output/report";
import { UsageError } from "./choice";

const schema = z.strictObject({
  findings: z.array(
    z.strictObject({
      policy: z.string(),
      object: z.string(),
      path: z.string(),
      message: z.string(),
      count: z.int().min(1),
    }),
  ),
});

/** Lines and files are no part of it: they move while a finding stays. */
function keyOf({ policy, object, path, message }: { policy: string; object: string; path: string; message: string }) {
  return [policy, object, path, message].join("\0");
}

function asEntry({ rule, object, path, message }: Finding) {
  return { policy: rule.name, object, path, message };
}

/** The text of a baseline with all findings of a report that count. */
export function baselineOf({ findings }: Report): string {
  const counting = findings.filter(({ passedOver }) => passedOver === undefined || passedOver.by === "baseline");
  const entries = [...grouped(counting.map(asEntry), keyOf)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, same]) => ({ ...same[0], count: same.length }));
  return `${JSON.stringify({ findings: entries }, undefined, 2)}\n`;
}

/**
 * Lays a baseline over a report.
 * @throws UsageError when the text is no baseline
 */
export function withBaseline<R extends Report>(report: R, file: string, text: string): R {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no JSON (${(error as Error).message}); --write-baseline ${file} writes one`);
  }
  const { success, data, error } = schema.safeParse(json);
  if (!success) {
    const issues = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).slice(0, 1);
    throw new UsageError(`${file} is no baseline: ${issues.join()}; --write-baseline ${file} writes one`);
  }
  const left = new Map(data.findings.map((entry) => [keyOf(entry), entry.count]));
  const findings = report.findings.map((finding) => {
    const key = keyOf(asEntry(finding));
    const known = left.get(key) ?? 0;
    if (finding.passedOver !== undefined || known === 0) {
      return finding;
    }
    left.set(key, known - 1);
    return { ...finding, passedOver: { by: "baseline" as const, reason: `known: ${file}` } };
  });
  const gone = [...left.values()].reduce((sum, number) => sum + number, 0);
  const notices = gone === 0 ? [] : [`${gone} findings of ${file} are gone; --write-baseline ${file} takes them out`];
  return { ...report, findings, notices: [...report.notices, ...notices] };
}
