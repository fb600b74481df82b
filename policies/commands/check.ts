/** What the pack says about manifests: the report of `policy:check`. */
import { exemptionText } from "../model/exemptions";
import { Field } from "../model/field";
import { isViolated, judgeObject, judgeObjects, type Judgement, type Run } from "../model/judge";
import { objectsIn } from "../model/objects";
import { readYaml } from "../model/yaml";
import type { FilePolicy } from "./judgeFile";
import type { ManifestFile } from "./files";

/** Outcome of a check. */
export interface CheckResult {
  /** Everything that is violated, exempt or not, with the file it stands in ("" for what all files are judged by). */
  readonly violated: readonly { readonly file: string; readonly judgement: Judgement }[];
  readonly objects: number;
  /** Files that can not be read, and documents that are no YAML, as `path: error`. */
  readonly unreadable: readonly string[];
  /** Documents in which nothing says of what kind it is, such as the values of a chart: how many there are in each file. */
  readonly withoutObject: ReadonlyMap<string, number>;
}

/**
 * Puts manifests through policies: each object by itself, and all objects of all files together.
 * @param namespace where objects are that name none
 */
export function check(
  files: readonly ManifestFile[],
  policies: readonly FilePolicy[],
  run: Run,
  namespace?: string,
): CheckResult {
  const unreadable: string[] = [];
  const withoutObject = new Map<string, number>();
  const found = files.flatMap((file) => {
    const { documents, errors } = readYaml(file.text);
    unreadable.push(...errors.map((error) => `${file.path}: ${error}`));
    const inDocuments = documents.map((document) =>
      objectsIn(new Field(document), { namespace }).filter(({ kind }) => kind !== ""),
    );
    const without = inDocuments.filter((inOne) => inOne.length === 0).length;
    if (without > 0) {
      withoutObject.set(file.path, without);
    }
    const objects = inDocuments.flat();
    return objects.map((object) => ({ file: file.path, object }));
  });
  const all = found.map(({ object }) => object);
  const single = found.flatMap(({ file, object }) =>
    policies
      .flatMap((policy) => (policy.kind === "objects" ? [] : judgeObject(policy, object, run)))
      .map((judgement) => ({ file, judgement })),
  );
  const together = policies
    .flatMap((policy) => (policy.kind === "objects" ? judgeObjects(policy, all, run) : []))
    .map((judgement) => ({
      file: found.find(({ object }) => object.id === judgement.subject?.id)?.file ?? "",
      judgement,
    }));
  const violated = [...single, ...together].filter(({ judgement }) => judgement.violations.length > 0);
  return { violated, objects: all.length, unreadable, withoutObject };
}

/** Whether something fails: a mandatory policy without an exemption, or a file that can not be read. */
export function fails({ violated, unreadable }: CheckResult): boolean {
  return (
    unreadable.length > 0 || violated.some(({ judgement }) => isViolated(judgement) && judgement.level === "mandatory")
  );
}

function linesOf({ policy, level, subject, violations, exemption }: Judgement): string[] {
  const ended = exemption?.expired ? ` (its exemption ended on ${exemption.exemption.expires})` : "";
  return [
    `  [${level}] ${policy.name} (${policy.severity}): ${subject?.id ?? "all objects"}${ended}`,
    ...violations.map(({ path, message }) => `    ${path === "" ? "" : `${path}: `}${message}`),
    `    Remedy: ${policy.remediation}`,
  ];
}

/** What a person reads: violations file by file, exemptions, and the count. */
export function checkReport(result: CheckResult): string {
  const counting = result.violated.filter(({ judgement }) => isViolated(judgement));
  const exempt = result.violated.filter(({ judgement }) => !isViolated(judgement));
  const places = [...new Set(counting.map(({ file }) => file))];
  const byFile = places.flatMap((place) => [
    place === "" ? "(all files together)" : place,
    ...counting.filter(({ file }) => file === place).flatMap(({ judgement }) => linesOf(judgement)),
    "",
  ]);
  const exemptions = new Set(
    exempt.flatMap(({ judgement: { exemption } }) => (exemption ? [exemptionText(exemption.exemption)] : [])),
  );
  const mandatory = counting.filter(({ judgement }) => judgement.level === "mandatory").length;
  return [
    ...byFile,
    ...[...exemptions].map((text) => `exempt: ${text}`),
    ...[...result.withoutObject].map(([file, number]) => `no object of Kubernetes: ${file}: ${number} document(s)`),
    ...result.unreadable.map((text) => `not readable, or no YAML: ${text}`),
    `${result.objects} objects: ${mandatory} mandatory and ${counting.length - mandatory} advisory policies violated`,
  ].join("\n");
}
