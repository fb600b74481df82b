/** What `policy:corpus` prints. */
import { agreed, type Agreement, type CorpusResult } from "./corpus";

const MOST_LISTED = 20;

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

/**
 * The matrix, and each disagreement with what was said.
 * @param options.all with the rows of policies that nothing in the corpus is about
 */
export function corpusReport(result: CorpusResult, options: { readonly all: boolean }): string {
  const { together, byPolicy, disagreements, files, objects, withoutExpectation, unreadable, ignored } = result;
  const rows = [...byPolicy].filter(
    ([, agreement]) => options.all || Object.values(agreement).some((number) => number > 0),
  );
  const total = objects + disagreements.filter(({ object }) => object === "").length;
  return [
    line("policy", ["TP", "TN", "FP", "FN"]),
    ...rows.map(([name, agreement]) => row(name, agreement)),
    row("all together", together),
    ...disagreements.flatMap(({ path, object, expect, said }) => [
      "",
      `${path}: ${object === "" ? "no object that a policy judges" : object}, said to be ${expect}`,
      ...(said.length === 0 ? ["  no violation found"] : said.map((text) => `  ${text}`)),
    ]),
    ...listed(
      "Left out, since no policy here judges the kind:",
      [...ignored].sort().map(([kind, number]) => `${kind} ${number}`),
    ),
    ...listed("Left out, since no name and no --expect says whether they are good:", withoutExpectation),
    ...listed("No YAML:", unreadable),
    "",
    `${agreed(together)} of ${total} agree (${files} files)`,
  ].join("\n");
}
