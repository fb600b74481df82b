/** Compares what policies say about files with what the files' authors say. */
import { Field } from "../model/field";
import {
  isViolated,
  judgeObject,
  judgeObjects,
  type Judgement,
  type Run,
  type SingleObjectPolicy,
} from "../model/judge";
import { objectsIn, type KubernetesObject } from "../model/objects";
import type { ObjectSetPolicy } from "../model/policy";
import { readYaml } from "../model/yaml";
import { policiesNamedIn, type Expectation } from "./expectation";

/** A policy that can judge a file by itself. */
export type FilePolicy = SingleObjectPolicy | ObjectSetPolicy;

/** A file of a corpus. */
export interface CorpusFile {
  readonly path: string;
  /** Its path with all that says what it is about, when that is more. */
  readonly place?: string;
  readonly text: string;
  /** Undefined: its author says nothing, and it is left out. */
  readonly expect: Expectation | undefined;
}

/** How often a policy (or all together) agreed. */
export interface Agreement {
  /** Bad, and found. */
  truePositives: number;
  /** Good, and let be. */
  trueNegatives: number;
  /** Good, and called bad. */
  falsePositives: number;
  /** Bad, and let be. */
  falseNegatives: number;
}

/** Something the policies and an author see differently. */
export interface Disagreement {
  readonly path: string;
  /** The object; for a file in which nothing was judged, "". */
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
  readonly objects: number;
  /** Files left out since nobody says whether they are good. */
  readonly withoutExpectation: readonly string[];
  /** Documents that are no YAML, as `path: error`. */
  readonly unreadable: readonly string[];
  /** Objects of kinds that no chosen policy judges, by kind. */
  readonly ignored: ReadonlyMap<string, number>;
}

function nothing(): Agreement {
  return { truePositives: 0, trueNegatives: 0, falsePositives: 0, falseNegatives: 0 };
}

function count(agreement: Agreement, expect: Expectation, violated: boolean): void {
  if (expect === "bad") {
    agreement[violated ? "truePositives" : "falseNegatives"] += 1;
  } else {
    agreement[violated ? "falsePositives" : "trueNegatives"] += 1;
  }
}

/** How many files agree. */
export function agreed({ truePositives, trueNegatives }: Agreement): number {
  return truePositives + trueNegatives;
}

/**
 * Puts files through policies. Each object that a policy judges is compared with what its file is said to be; a bad file
 * in which nothing is judged counts once, as overlooked.
 * @param policies those the corpus is about, all together: one violation makes an object bad
 */
export function compare(files: readonly CorpusFile[], policies: readonly FilePolicy[], run: Run): CorpusResult {
  const together = nothing();
  const byPolicy = new Map(policies.map(({ name }) => [name, nothing()]));
  const disagreements: Disagreement[] = [];
  const ignored = new Map<string, number>();
  const unreadable: string[] = [];
  let objects = 0;
  const said = files.filter((file) => file.expect !== undefined) as (CorpusFile & { expect: Expectation })[];
  for (const file of said) {
    const { documents, errors } = readYaml(file.text);
    unreadable.push(...errors.map((error) => `${file.path}: ${error}`));
    const found = documents.flatMap((document) => objectsIn(new Field(document))).filter(({ kind }) => kind !== "");
    const named = policiesNamedIn(file.place ?? file.path, policies);
    let judged = 0;
    for (const { object, judgements } of judgementsOf(found, policies, run)) {
      const binding = judgements.filter(({ notApplicable }) => notApplicable === undefined);
      if (binding.length === 0) {
        ignored.set(object.kind, (ignored.get(object.kind) ?? 0) + 1);
        continue;
      }
      judged += 1;
      const violated = binding.filter(isViolated);
      count(together, file.expect, violated.length > 0);
      for (const judgement of binding) {
        const { policy } = judgement;
        // Of a bad object it is only sure that some policy must find it; which one, only a name can say.
        if (
          file.expect === "good" ||
          isViolated(judgement) ||
          policies.length === 1 ||
          named.includes(policy as FilePolicy)
        ) {
          count(byPolicy.get(policy.name) ?? nothing(), file.expect, isViolated(judgement));
        }
      }
      if (violated.length > 0 !== (file.expect === "bad")) {
        disagreements.push({ path: file.path, object: object.id, expect: file.expect, said: sayings(violated) });
      }
    }
    objects += judged;
    if (judged === 0 && file.expect === "bad") {
      count(together, "bad", false);
      disagreements.push({ path: file.path, object: "", expect: "bad", said: [] });
    }
  }
  const withoutExpectation = files.filter((file) => file.expect === undefined).map(({ path }) => path);
  return { together, byPolicy, disagreements, files: said.length, objects, withoutExpectation, unreadable, ignored };
}

function sayings(violated: readonly Judgement[]): string[] {
  return violated.flatMap(({ policy, violations }) =>
    violations.map(({ path, message }) => `${policy.name}: ${path === "" ? "" : `${path}: `}${message}`),
  );
}

/** Everything said about each object of a file, also by policies that look at all of them together. */
function judgementsOf(
  objects: readonly KubernetesObject[],
  policies: readonly FilePolicy[],
  run: Run,
): { readonly object: KubernetesObject; readonly judgements: Judgement[] }[] {
  const ofSets = policies
    .filter((policy) => policy.kind === "objects")
    .flatMap((policy) => {
      const judged = judgeObjects(policy, objects, run);
      // Where all is well the policy names no object; then it has judged those of its kinds.
      const named = judged.some(({ subject }) => subject !== undefined);
      const bound = objects.filter((object) => policy.kinds.includes(object.kind));
      return named ? judged : judged.flatMap((one) => bound.map((subject) => ({ ...one, subject })));
    });
  return objects.map((object) => ({
    object,
    judgements: [
      ...policies.flatMap((policy) => (policy.kind === "objects" ? [] : judgeObject(policy, object, run))),
      ...ofSets.filter(({ subject }) => subject?.id === object.id),
    ],
  }));
}

function add(sum: Agreement, more: Agreement): void {
  (Object.keys(sum) as (keyof Agreement)[]).forEach((key) => (sum[key] += more[key]));
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
    objects: results.reduce((sum, { objects }) => sum + objects, 0),
    withoutExpectation: results.flatMap(({ withoutExpectation }) => withoutExpectation),
    unreadable: results.flatMap(({ unreadable }) => unreadable),
  };
}
