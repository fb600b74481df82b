/** What `policy:corpus` prints. */
import { basename, extname } from "node:path";
import { agreed, compared, type Agreement } from "./agreement";
import type { CorpusResult } from "./corpus";

const MOST_LISTED = 20;

/** What a report tells beside the outcome. */
export interface ReportOptions {
  /** With the rows of policies that nothing in the corpus is about. */
  readonly all: boolean;
  /** Files that were not compared, each with the reason, as `path: reason`. */
  readonly incomparable: readonly string[];
  /** Policies that were asked for by name: one that has no verdict to its name is told. */
  readonly asked: readonly string[];
  /** Files that were not read, since their names are not those of manifests. */
  readonly others?: readonly string[];
}

function line(name: string, cells: readonly (string | number)[]): string {
  return name.padEnd(34) + cells.map((cell) => String(cell).padStart(6)).join("");
}

function row(name: string, { truePositives, trueNegatives, falsePositives, falseNegatives }: Agreement): string {
  return line(name, [truePositives, trueNegatives, falsePositives, falseNegatives]);
}

function listed(title: string, lines: readonly string[]): string[] {
  const more = lines.length > MOST_LISTED ? [`  … and ${lines.length - MOST_LISTED} more`] : [];
  return lines.length === 0 ? [] : ["", title, ...lines.slice(0, MOST_LISTED).map((text) => `  ${text}`), ...more];
}

/** How many of each sort: `.md 3`. */
function counted(names: readonly string[]): string[] {
  const numbers = new Map<string, number>();
  names.forEach((name) => numbers.set(name, (numbers.get(name) ?? 0) + 1));
  return [...numbers].sort().map(([name, number]) => `${name} ${number}`);
}

function summary({ together, verdicts, files, disagreements, withoutExpectation, unreadable }: CorpusResult): string {
  const falsely = disagreements.filter(({ expect }) => expect === "good").length;
  const parts = [
    `${agreed(together)} of ${verdicts} agree (${files} files)`,
    `${falsely} good called bad, ${disagreements.length - falsely} bad let be`,
    ...(withoutExpectation.length === 0 ? [] : [`${withoutExpectation.length} without a verdict`]),
    ...(unreadable.length === 0 ? [] : [`${unreadable.length} unreadable`]),
  ];
  return parts.join("; ");
}

/** The matrix, each disagreement with what was said, and what was left out and why. */
export function corpusReport(result: CorpusResult, { all, incomparable, asked, others = [] }: ReportOptions): string {
  const { together, byPolicy, disagreements, withoutExpectation, withoutSetting, unreadable, empty, ignored } = result;
  const rows = [...byPolicy].filter(([, agreement]) => all || compared(agreement) > 0);
  const idle = asked.filter((name) => compared(byPolicy.get(name) ?? together) === 0);
  return [
    line("policy", ["TP", "TN", "FP", "FN"]),
    ...rows.map(([name, agreement]) => row(name, agreement)),
    row("all together", together),
    ...disagreements.flatMap(({ path, object, expect, said }) => [
      "",
      `${path}: ${object === "" ? "no object that a policy judges" : object}, said to be ${expect}`,
      ...(said.length === 0 ? ["  no violation found"] : said.map((text) => `  ${text}`)),
    ]),
    ...listed("No verdict here counts for:", idle),
    ...listed(
      "Left out, since no policy here judges the kind:",
      [...ignored].sort().map(([kind, number]) => `${kind} ${number}`),
    ),
    ...listed(
      "Left out, since no name, no test description and no --expect says whether they are good:",
      withoutExpectation,
    ),
    ...listed("Left out, since a policy judges nothing without a setting (--set gives it):", withoutSetting),
    ...listed("Left out, since the verdict is about something else than the pack's policies:", incomparable),
    ...listed("Left out, since there is nothing in them:", empty),
    ...listed(
      "Not read, since their names do not end in .yaml, .yml or .json:",
      counted(others.map((path) => extname(path) || basename(path))),
    ),
    ...listed("Not readable, or no YAML:", unreadable),
    "",
    summary(result),
  ].join("\n");
}
