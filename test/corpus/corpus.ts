/** Compares what policies say about files with what the files' authors say. */
import { isViolated, type Judgement, type Run } from "../../policies/model/judge";
import { add, compared, count, nothing, type Agreement } from "./agreement";
import { policiesNamedIn, type Expectation } from "./expectation";
import type { FilePolicy } from "../../policies/commands/choice";
import { byPolicyIn, casesOf, readAndJudge, type CorpusFile } from "./judgeFile";

/** Something the policies and an author see differently. */
export interface Disagreement {
  readonly path: string;
  /** The object (or objects, in a file that is one case); where nothing was judged, "". */
  readonly object: string;
  readonly expect: Expectation;
  /** What was said: violations with their policy, or nothing. */
  readonly said: readonly string[];
}

/** Outcome of a corpus. */
export interface CorpusResult {
  readonly together: Agreement;
  readonly byPolicy: ReadonlyMap<string, Agreement>;
  readonly disagreements: readonly Disagreement[];
  readonly files: number;
  /** Verdicts that were compared: of objects, of files that are one case, and of bad files in which nothing is judged. */
  readonly verdicts: number;
  /** Files, and objects of files, left out since nobody says whether they are good. */
  readonly withoutExpectation: readonly string[];
  /** Files in which policies judge nothing for want of a setting, each with it. */
  readonly withoutSetting: readonly string[];
  /** Documents that are no YAML, as `path: error`. */
  readonly unreadable: readonly string[];
  /** Files with nothing in them but comments, about which nobody can be right or wrong. */
  readonly empty: readonly string[];
  /** Objects of kinds that no chosen policy judges, by kind. */
  readonly ignored: ReadonlyMap<string, number>;
}

/**
 * Puts files through policies. Each object that a policy judges is compared with what is said of it; a file that is one
 * case counts once, and so does a bad file in which nothing is judged, as overlooked.
 * @param policies those the corpus is about, all together: one violation makes an object bad
 */
export function compare(files: readonly CorpusFile[], policies: readonly FilePolicy[], run: Run): CorpusResult {
  const together = nothing();
  const byPolicy = new Map(policies.map(({ name }) => [name, nothing()]));
  const disagreements: Disagreement[] = [];
  const ignored = new Map<string, number>();
  const unreadable: string[] = [];
  const empty: string[] = [];
  const withoutExpectation: string[] = [];
  const withoutSetting: string[] = [];
  let said = 0;
  for (const file of files) {
    const { judged, objects, unsaid, idle, lacking, errors } = readAndJudge(file, policies, run);
    unreadable.push(...errors.map((error) => `${file.path}: ${error}`));
    if (objects.length + idle.length + errors.length === 0) {
      empty.push(file.path);
      continue;
    }
    if (judged.length === 0 && file.expect === undefined) {
      withoutExpectation.push(file.path);
      continue;
    }
    if (judged.length === 0 && lacking.length > 0) {
      withoutSetting.push(`${file.path}: ${lacking.join(", ")}`);
      continue;
    }
    said += 1;
    withoutExpectation.push(...unsaid.map((id) => `${file.path}: ${id}`));
    idle.forEach((kind) => ignored.set(kind, (ignored.get(kind) ?? 0) + 1));
    const named = policiesNamedIn(file.place ?? file.path, policies);
    for (const one of casesOf(judged, objects, file.expectOfObjects === undefined ? file.together : false)) {
      const violated = one.judgements.filter(isViolated);
      count(together, one.expect, violated.length > 0);
      byPolicyIn(one).forEach((against, policy) => {
        // Of a bad object it is only sure that some policy must find it; which one, only a name can say.
        const blamed = named.includes(policy) && (named.length === 1 || violated.length === 0);
        if (one.expect === "good" || against || policies.length === 1 || blamed) {
          count(byPolicy.get(policy.name) ?? nothing(), one.expect, against);
        }
      });
      if (violated.length > 0 !== (one.expect === "bad")) {
        disagreements.push({ path: file.path, object: one.object, expect: one.expect, said: sayings(violated) });
      }
    }
    if (judged.length === 0 && file.expect === "bad") {
      count(together, "bad", false);
      disagreements.push({ path: file.path, object: "", expect: "bad", said: [] });
    }
  }
  const verdicts = compared(together);
  const left = { withoutExpectation, withoutSetting, unreadable, empty, ignored };
  return { together, byPolicy, disagreements, files: said, verdicts, ...left };
}

function sayings(violated: readonly Judgement[]): string[] {
  return violated.flatMap(({ policy, violations }) =>
    violations.map(({ path, message }) => `${policy.name}: ${path === "" ? "" : `${path}: `}${message}`),
  );
}

/** Several outcomes as one. */
export function merged(results: readonly CorpusResult[]): CorpusResult {
  const together = nothing();
  const byPolicy = new Map<string, Agreement>();
  const ignored = new Map<string, number>();
  for (const result of results) {
    add(together, result.together);
    result.byPolicy.forEach((agreement, name) => {
      byPolicy.set(name, byPolicy.get(name) ?? nothing());
      add(byPolicy.get(name) ?? nothing(), agreement);
    });
    result.ignored.forEach((number, kind) => ignored.set(kind, (ignored.get(kind) ?? 0) + number));
  }
  return {
    together,
    byPolicy,
    ignored,
    disagreements: results.flatMap(({ disagreements }) => disagreements),
    files: results.reduce((sum, { files }) => sum + files, 0),
    verdicts: compared(together),
    withoutExpectation: results.flatMap(({ withoutExpectation }) => withoutExpectation),
    withoutSetting: results.flatMap(({ withoutSetting }) => withoutSetting),
    unreadable: results.flatMap(({ unreadable }) => unreadable),
    empty: results.flatMap(({ empty }) => empty),
  };
}
