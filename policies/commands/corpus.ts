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
import { isOfKind, objectsIn, type KubernetesObject } from "../model/objects";
import { POD_KINDS } from "../model/pods";
import type { ObjectSetPolicy } from "../model/policy";
import { readYaml } from "../model/yaml";
import { add, compared, count, nothing, type Agreement } from "./agreement";
import { policiesNamedIn, type Expectation } from "./expectation";
import { verdictKey } from "./verdictFiles";

/** A policy that can judge a file by itself. */
export type FilePolicy = SingleObjectPolicy | ObjectSetPolicy;

/** A file of a corpus. */
export interface CorpusFile {
  readonly path: string;
  /** Its path with all that says what it is about, when that is more. */
  readonly place?: string;
  readonly text: string;
  /** Undefined: its author says nothing about the whole file. */
  readonly expect: Expectation | undefined;
  /** What its author says about single objects, by `Kind name`; objects that are not in it are as the file. */
  readonly expectOfObjects?: ReadonlyMap<string, Expectation>;
  /** True where the file is one case; by default it is when objects of different sorts stand in it, such as a role and a binding. */
  readonly together?: boolean;
}

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
  /** Documents that are no YAML, as `path: error`. */
  readonly unreadable: readonly string[];
  /** Objects of kinds that no chosen policy judges, by kind. */
  readonly ignored: ReadonlyMap<string, number>;
}

/** How the report calls documents that are no objects. */
const NO_KIND = "(no kind)";

/** Something that gets one verdict. */
interface Case {
  readonly object: string;
  readonly expect: Expectation;
  readonly judgements: readonly Judgement[];
}

interface Judged {
  readonly object: KubernetesObject;
  readonly expect: Expectation;
  readonly judgements: readonly Judgement[];
}

/** Kinds that stand for the same: a file of Deployments and CronJobs has one verdict for each. */
function sortOf({ kind }: KubernetesObject): string {
  return POD_KINDS.includes(kind) ? "pod" : kind.replace(/^Cluster(?=Role)/, "");
}

/** Kinds that stand beside what a file is about. */
const SUPPORTING = ["Namespace", "ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim", "Service"];

/** The verdicts that a file is about. */
function casesOf(judged: readonly Judged[], all: readonly KubernetesObject[], together: boolean | undefined): Case[] {
  const single = judged.map(({ object, expect, judgements }) => ({ object: object.id, expect, judgements }));
  const subjects = all.filter(({ kind }) => !SUPPORTING.includes(kind));
  const sorts = new Set([...judged.map(({ object }) => object), ...subjects].map(sortOf));
  if (judged.length < 2 || !(together ?? sorts.size > 1)) {
    return single;
  }
  const judgements = single.flatMap((one) => one.judgements);
  return [{ object: single.map(({ object }) => object).join(", "), expect: single[0].expect, judgements }];
}

/** What each policy says about a case: whether it is violated anywhere in it. */
function byPolicyIn({ judgements }: Case): Map<FilePolicy, boolean> {
  const said = new Map<FilePolicy, boolean>();
  judgements.forEach((one) => {
    const policy = one.policy as FilePolicy;
    said.set(policy, said.get(policy) === true || isViolated(one));
  });
  return said;
}

/** Whether somebody says something about a file, and be it about objects in it. */
function isExpected(file: CorpusFile): boolean {
  return file.expect !== undefined || file.expectOfObjects !== undefined;
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
  const withoutExpectation = files.filter((file) => !isExpected(file)).map(({ path }) => path);
  for (const file of files.filter(isExpected)) {
    const { documents, errors } = readYaml(file.text);
    unreadable.push(...errors.map((error) => `${file.path}: ${error}`));
    const objects = documents.flatMap((document) => objectsIn(new Field(document)));
    const found = objects.filter(({ kind }) => kind !== "");
    if (found.length < objects.length) {
      ignored.set(NO_KIND, (ignored.get(NO_KIND) ?? 0) + objects.length - found.length);
    }
    const named = policiesNamedIn(file.place ?? file.path, policies);
    const judged: Judged[] = [];
    for (const { object, judgements } of judgementsOf(found, policies, run)) {
      const expect = file.expectOfObjects?.get(verdictKey(object.kind, object.name)) ?? file.expect;
      const binding = judgements.filter(({ notApplicable }) => notApplicable === undefined);
      if (binding.length === 0) {
        ignored.set(object.kind, (ignored.get(object.kind) ?? 0) + 1);
      } else if (expect === undefined) {
        withoutExpectation.push(`${file.path}: ${object.id}`);
      } else {
        judged.push({ object, expect, judgements: binding });
      }
    }
    for (const one of casesOf(judged, found, file.expectOfObjects === undefined ? file.together : false)) {
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
  const said = files.filter(isExpected).length;
  const verdicts = compared(together);
  return { together, byPolicy, disagreements, files: said, verdicts, withoutExpectation, unreadable, ignored };
}

function sayings(violated: readonly Judgement[]): string[] {
  return violated.flatMap(({ policy, violations }) =>
    violations.map(({ path, message }) => `${policy.name}: ${path === "" ? "" : `${path}: `}${message}`),
  );
}

/** What a policy on sets says about each object of its kinds; it names only those that are not as they should be. */
function judgedInSet(policy: ObjectSetPolicy, objects: readonly KubernetesObject[], run: Run): Judgement[] {
  const judged = judgeObjects(policy, objects, run);
  const named = judged.filter(({ subject }) => subject !== undefined);
  const bound = objects.filter((object) => isOfKind(object, policy.kinds));
  const silent = bound.filter(({ id }) => named.every(({ subject }) => subject?.id !== id));
  const clean = judged.slice(0, 1).map((one) => ({ ...one, violations: [], unknown: [], exemption: undefined }));
  return [...named, ...silent.flatMap((subject) => clean.map((one) => ({ ...one, subject })))];
}

/** Everything said about each object of a file, also by policies that look at all of them together. */
function judgementsOf(
  objects: readonly KubernetesObject[],
  policies: readonly FilePolicy[],
  run: Run,
): { readonly object: KubernetesObject; readonly judgements: Judgement[] }[] {
  const ofSets = policies.flatMap((policy) => (policy.kind === "objects" ? judgedInSet(policy, objects, run) : []));
  return objects.map((object) => ({
    object,
    judgements: [
      ...policies.flatMap((policy) => (policy.kind === "objects" ? [] : judgeObject(policy, object, run))),
      ...ofSets.filter(({ subject }) => subject?.id === object.id),
    ],
  }));
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
    unreadable: results.flatMap(({ unreadable }) => unreadable),
  };
}
