/**
 * An expectation file: what the files of a corpus are about and whether they are good, said by patterns of their paths. With
 * one nothing is read from names by rules of our own; what no line names is left out and listed.
 */
import { z } from "zod";
import type { FilePolicy } from "../../policies/commands/choice";
import type { ManifestFile } from "../../policies/commands/files";
import type { CorpusFile } from "./judgeFile";
import type { Subjects } from "./subjects";

const schema = z.strictObject({
  corpus: z.string().describe("Whose it is: owner/repository, folder."),
  commit: z.string().describe("The commit that the file was written for."),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe("Pattern below the corpus' folder: {check} is one folder, * any text in a name."),
        expect: z.enum(["good", "bad"]),
      }),
    )
    .describe("The first that fits a file counts."),
  checks: z.record(z.string(), z.array(z.string()).min(1)).describe("Policies that demand what a check demands."),
  notComparable: z
    .record(z.string(), z.string())
    .describe("Checks whose verdicts say nothing about the pack, and why."),
});

/** An expectation file, read. */
export type Expectations = z.infer<typeof schema>;

/** @throws Error when the text is no expectation file */
export function expectationsFrom(text: string): Expectations {
  return schema.parse(JSON.parse(text));
}

/** A pattern as an expression whose group `check` is the folder of the check. */
function expression(pattern: string): RegExp {
  const parts = pattern
    .split(/(\{check\}|\*)/)
    .map((part) =>
      part === "{check}" ? "(?<check>[^/]+)" : part === "*" ? "[^/]*" : part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"),
    );
  return new RegExp(`^${parts.join("")}$`);
}

/**
 * Sorts the files of a corpus by the check that they are about.
 * @throws Error when a check names a policy that there is not
 */
export function expected(
  files: readonly ManifestFile[],
  { files: patterns, checks, notComparable }: Expectations,
  policies: readonly FilePolicy[],
): Subjects {
  const strange = Object.values(checks)
    .flat()
    .filter((name) => !policies.some((policy) => policy.name === name));
  if (strange.length > 0) {
    throw new Error(`the expectation file names policies that there are not: ${strange.join(", ")}`);
  }
  const rules = patterns.map(({ path, expect }) => ({ matches: expression(path), expect }));
  const byCheck = new Map<string, CorpusFile[]>();
  const incomparable: string[] = [];
  for (const { path, text } of files) {
    const rule = rules.find(({ matches }) => matches.test(path));
    const check = rule?.matches.exec(path)?.groups?.check ?? "";
    if (rule === undefined || checks[check] === undefined) {
      const why =
        notComparable[check] === undefined
          ? "no line of the expectation file is about it"
          : `${check}: ${notComparable[check]}`;
      incomparable.push(`${path}: ${why}`);
      continue;
    }
    byCheck.set(check, [...(byCheck.get(check) ?? []), { path, text, expect: rule.expect }]);
  }
  const subjects = [...byCheck].map(([check, ofCheck]) => ({
    files: ofCheck,
    policies: policies.filter(({ name }) => checks[check].includes(name)),
    settings: {},
  }));
  return { subjects, incomparable };
}
