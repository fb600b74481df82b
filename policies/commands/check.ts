/** Judges manifests: each object by itself, and all objects of all files together. */
import { Field } from "../model/field";
import { judgeObject, judgeObjects, type Judgement, type Run, type SingleObjectPolicy } from "../model/judge";
import { objectsIn, type KubernetesObject } from "../model/objects";
import { podsNotJudged } from "../model/pods";
import { Positions } from "../model/positions";
import { readYaml } from "../model/yaml";
import {
  findingsOf,
  grouped,
  objectName,
  withoutRepetition,
  type Finding,
  type Place,
  type Report,
  type Unreadable,
} from "../output/report";
import type { ManifestFile } from "./files";
import type { FilePolicy } from "./choice";

/** An object and where it stands. */
export interface FoundObject {
  readonly file: ManifestFile;
  /** Which of the file's documents. */
  readonly document: number;
  readonly object: KubernetesObject;
}

/** What a check found, with the objects themselves, for exemptions stand on them. */
export interface Checked extends Report {
  readonly found: readonly FoundObject[];
}

/** Something that judges an object beside the policies. */
export type ObjectCheck = (found: FoundObject, place: (path: string) => Place) => readonly Finding[];

/** What is known of a file while it is judged. */
interface ReadFile {
  readonly objects: readonly FoundObject[];
  readonly unreadable: readonly Unreadable[];
  /** Documents in which nothing says of what kind it is, such as the values of a chart. */
  readonly withoutObject: number;
}

/** Gives each object a name of its own: two files may hold the same object, and each is judged where it stands. */
class Names {
  private readonly seen = new Map<string, number>();

  distinct(object: KubernetesObject): KubernetesObject {
    const number = (this.seen.get(object.id) ?? 0) + 1;
    this.seen.set(object.id, number);
    return number === 1 ? object : { ...object, id: `${object.id} (${number})` };
  }
}

function read(file: ManifestFile, text: string, names: Names, namespace: string | undefined): ReadFile {
  const { documents, failures } = readYaml(text);
  let withoutObject = 0;
  const objects = documents.flatMap((root, document) => {
    const inside = objectsIn(new Field(root), { namespace }).filter(({ kind }) => kind !== "");
    withoutObject += inside.length === 0 ? 1 : 0;
    return inside.map((object) => ({ file, document, object: names.distinct(object) }));
  });
  const unreadable = failures.map(({ reason, line, column }) => ({ file: file.path, line, column, reason }));
  return { objects, unreadable, withoutObject };
}

/** Places in a file, whose lines are counted when the first finding asks for one. */
function placesIn(file: ManifestFile, text?: string): (document: number, path: string) => Place {
  let positions: Positions | undefined;
  return (document, path) => {
    positions ??= new Positions(text ?? file.text);
    return { file: file.path, ...positions.of(document, path) };
  };
}

function textOf(file: ManifestFile): string | Unreadable {
  try {
    return file.text;
  } catch (error) {
    return { file: file.path, line: 1, column: 1, reason: (error as Error).message };
  }
}

/** Paths of what stands in an object begin at the object's root, which a List or a ConfigMap may hold further down. */
function pathOf({ object }: FoundObject, path: string): string {
  return path === "" ? object.root.path : path;
}

/** Findings about all objects together, file by file, so that each file is read once more at most. */
function togetherFindings(judgements: readonly Judgement[], found: readonly FoundObject[]): Finding[] {
  const byId = new Map(found.map((one) => [one.object.id, one]));
  const violated = judgements.filter(({ violations }) => violations.length > 0);
  const byFile = grouped(violated, ({ subject }) => byId.get(subject?.id ?? "")?.file.path ?? "");
  return [...byFile.values()].flatMap((ofFile) => {
    const first = byId.get(ofFile[0]?.subject?.id ?? "");
    const places = first && placesIn(first.file);
    return ofFile.flatMap((judgement) => {
      const one = byId.get(judgement.subject?.id ?? "");
      return findingsOf(judgement, (path) =>
        one === undefined || places === undefined
          ? { file: "", line: 1, column: 1 }
          : places(one.document, pathOf(one, path)),
      );
    });
  });
}

/**
 * Judges manifests.
 * @param more checks of each object beside the policies
 * @param namespace where objects are that name none
 */
export function check(
  files: readonly ManifestFile[],
  policies: readonly FilePolicy[],
  run: Run,
  { namespace, more = [] }: { readonly namespace?: string; readonly more?: readonly ObjectCheck[] } = {},
): Checked {
  const names = new Names();
  const single = policies.filter((policy): policy is SingleObjectPolicy => policy.kind !== "objects");
  const findings: Finding[] = [];
  const found: FoundObject[] = [];
  const unreadable: Unreadable[] = [];
  const notJudged: Report["notJudged"][number][] = [];
  const notices: string[] = [];
  for (const file of files) {
    const text = textOf(file);
    if (typeof text !== "string") {
      unreadable.push(text);
      continue;
    }
    const inFile = read(file, text, names, namespace);
    const places = placesIn(file, text);
    unreadable.push(...inFile.unreadable);
    if (inFile.withoutObject > 0) {
      notices.push(`no object of Kubernetes: ${file.path}: ${inFile.withoutObject} document(s)`);
    }
    for (const one of inFile.objects) {
      const place = (path: string) => places(one.document, pathOf(one, path));
      for (const policy of single) {
        for (const judgement of judgeObject(policy, one.object, run)) {
          findings.push(...findingsOf(judgement, place));
        }
      }
      more.forEach((ask) => findings.push(...ask(one, place)));
      for (const path of podsNotJudged(one.object)) {
        notJudged.push({ ...place(path), object: objectName(one.object), path });
      }
      found.push(one);
    }
  }
  const all = found.map(({ object }) => object);
  const together = policies.flatMap((policy) => (policy.kind === "objects" ? judgeObjects(policy, all, run) : []));
  return {
    findings: withoutRepetition([...findings, ...togetherFindings(together, found)]),
    rules: policies,
    files: files.length,
    objects: found.length,
    unreadable,
    notJudged,
    notices,
    found,
  };
}
