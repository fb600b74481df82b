/** Takes a file of a corpus apart: its objects, what policies and author say of each, and which of them are one case. */
import { Field } from "../../policies/model/field";
import { isViolated, judgeObject, judgeObjects, type Judgement, type Run } from "../../policies/model/judge";
import { isOfKind, objectsIn, type KubernetesObject } from "../../policies/model/objects";
import { POD_KINDS } from "../../policies/model/pods";
import type { FilePolicy } from "../../policies/commands/choice";
import type { ObjectSetPolicy } from "../../policies/model/policy";
import { readYaml } from "../../policies/model/yaml";
import { expectationOfName, firesUnlessSaid, type Expectation } from "./expectation";
import { verdictKey } from "./verdictFiles";

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

/** How the report calls documents that are no objects. */
const NO_KIND = "(no kind)";

/** Something that gets one verdict. */
export interface Case {
  readonly object: string;
  readonly expect: Expectation;
  readonly judgements: readonly Judgement[];
}

/** An object with what is said of it by its author and by the policies. */
export interface Judged {
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
export function casesOf(
  judged: readonly Judged[],
  all: readonly KubernetesObject[],
  together: boolean | undefined,
): Case[] {
  const single = judged.map(({ object, expect, judgements }) => ({ object: object.id, expect, judgements }));
  const subjects = all.filter(({ kind }) => !SUPPORTING.includes(kind));
  const sorts = new Set([...judged.map(({ object }) => object), ...subjects].map(sortOf));
  const differ = new Set(judged.map(({ expect }) => expect)).size > 1;
  if (judged.length < 2 || differ || !(together ?? sorts.size > 1)) {
    return single;
  }
  const judgements = single.flatMap((one) => one.judgements);
  return [{ object: single.map(({ object }) => object).join(", "), expect: single[0].expect, judgements }];
}

/** What each policy says about a case: whether it is violated anywhere in it. */
export function byPolicyIn({ judgements }: Case): Map<FilePolicy, boolean> {
  const said = new Map<FilePolicy, boolean>();
  judgements.forEach((one) => {
    const policy = one.policy as FilePolicy;
    said.set(policy, said.get(policy) === true || isViolated(one));
  });
  return said;
}

/** What a file holds, as far as it is compared. */
export interface ReadFile {
  readonly judged: readonly Judged[];
  readonly objects: readonly KubernetesObject[];
  /** Objects without a verdict. */
  readonly unsaid: readonly string[];
  /** Kinds of the objects that no policy judges. */
  readonly idle: readonly string[];
  /** Settings without which a policy judges nothing here. */
  readonly lacking: readonly string[];
  readonly errors: readonly string[];
}

/** Reads a file and asks the policies about its objects. */
export function readAndJudge(file: CorpusFile, policies: readonly FilePolicy[], run: Run): ReadFile {
  const { documents, errors } = readYaml(file.text);
  const found = documents.map((document) => objectsIn(new Field(document)).filter(({ kind }) => kind !== ""));
  const objects = found.flat();
  const judged: Judged[] = [];
  const unsaid: string[] = [];
  const othersFire = firesUnlessSaid(objects.map(({ name }) => name));
  const lacking = new Set<string>();
  const idle = found.filter((inDocument) => inDocument.length === 0).map(() => NO_KIND);
  for (const { object, judgements } of judgementsOf(objects, policies, run)) {
    // A row of an older test description names the object alone.
    const rows = [object.kind, ""].map((kind) => file.expectOfObjects?.get(verdictKey(kind, object.name)));
    const said = rows.includes("bad") ? "bad" : (rows.find((row) => row !== undefined) ?? file.expect);
    const byName = expectationOfName(object.name) ?? (othersFire ? "bad" : undefined);
    const expect = file.expectOfObjects === undefined ? (said ?? byName) : said;
    judgements.forEach(({ lacks }) => lacks !== undefined && lacking.add(lacks));
    const binding = judgements.filter(({ notApplicable }) => notApplicable === undefined);
    if (binding.length === 0) {
      idle.push(object.kind);
    } else if (expect === undefined) {
      unsaid.push(object.id);
    } else {
      judged.push({ object, expect, judgements: binding });
    }
  }
  return { judged, objects, unsaid, idle, lacking: [...lacking], errors };
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
