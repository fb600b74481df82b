/** Takes what is exempt out of the findings that count, and tells which exemptions are not needed or have ended. */
import { objectName, type Finding, type PassedOver } from "../output/report";
import type { Checked, FoundObject } from "./check";
import { annotationExemption, isAbout, type AnnotationExemption, type PatternExemption } from "./givenExemptions";

/** An annotation and the object it stands on. */
interface OnObject extends AnnotationExemption {
  readonly where: string;
}

function annotationsOf({ file, object }: FoundObject, known: readonly string[]): OnObject[] {
  const annotations = object.root.at("metadata", "annotations");
  const entries = annotations.known ? annotations.entries : [];
  return entries.flatMap(([key, field]) => {
    const found = annotationExemption(key, field.known ? String(field.value ?? "") : "", known);
    return found === undefined ? [] : [{ ...found, where: `${file.path}: ${objectName(object)}: annotation ${key}` }];
  });
}

function until(expires: string | undefined): string {
  return expires === undefined ? "" : ` (until ${expires})`;
}

/** Whether the last day is over. Dates in this form sort like text. */
function isOver(expires: string | undefined, today: string): boolean {
  return expires !== undefined && expires < today;
}

/** Exemptions of one run, and which of them were needed. */
class Exemptions {
  private readonly needed = new Set<PatternExemption | OnObject>();
  private readonly annotations = new Map<string, OnObject[]>();

  constructor(
    found: readonly FoundObject[],
    private readonly patterns: readonly PatternExemption[],
    private readonly known: readonly string[],
    private readonly today: string,
  ) {
    for (const one of found) {
      const key = `${one.file.path}\0${objectName(one.object)}`;
      const before = this.annotations.get(key) ?? [];
      const here = annotationsOf(one, known);
      if (here.length > 0) {
        this.annotations.set(key, [...before, ...here]);
      }
    }
  }

  /** Why a finding is passed over, or which exemption of it has ended. */
  of(finding: Finding): { readonly passedOver?: PassedOver; readonly ended?: string } {
    const [kind = "", ...words] = finding.object.split(" ");
    const rest = words.join(" ");
    const [namespace, name] = rest.includes("/")
      ? [rest.slice(0, rest.indexOf("/")), rest.slice(rest.indexOf("/") + 1)]
      : ["", rest];
    const onObject = (this.annotations.get(`${finding.file}\0${finding.object}`) ?? []).filter(
      ({ policy, invalid }) => policy === finding.rule.name && invalid === undefined,
    );
    const byPattern = this.patterns.filter(
      (exemption) =>
        exemption.policies.includes(finding.rule.name) &&
        isAbout(exemption, { file: finding.file, kind, namespace, name }),
    );
    const all = [...onObject, ...byPattern];
    const holding = all.find(({ expires }) => !isOver(expires, this.today));
    const one = holding ?? all.at(0);
    if (one === undefined) {
      return {};
    }
    this.needed.add(one);
    const by = "policy" in one ? "annotation" : "file";
    return holding === undefined
      ? { ended: one.expires }
      : { passedOver: { by, reason: one.reason + until(one.expires) } };
  }

  /** What the reader should know of the exemptions themselves. */
  notices(): string[] {
    const patterns = this.patterns
      .filter(({ policies }) => policies.some((name) => this.known.includes(name)))
      .map((one) => ({ one, where: one.at, invalid: undefined }));
    const annotations = [...this.annotations.values()]
      .flat()
      .map((one) => ({ one, where: one.where, invalid: one.invalid }));
    return [...patterns, ...annotations].flatMap(({ one, where, invalid }) => {
      if (invalid !== undefined) {
        return [`exemption not valid: ${where}: ${invalid}`];
      }
      if (isOver(one.expires, this.today)) {
        return [`exemption ended on ${one.expires}: ${where}: ${one.reason}`];
      }
      return this.needed.has(one) ? [] : [`exemption not needed: ${where}: ${one.reason}`];
    });
  }
}

/**
 * Applies exemptions to findings.
 * @param known names of the policies there are
 * @param today `YYYY-MM-DD`
 */
export function applyExemptions(
  checked: Checked,
  patterns: readonly PatternExemption[],
  known: readonly string[],
  today: string,
): Checked {
  const exemptions = new Exemptions(checked.found, patterns, known, today);
  const findings = checked.findings.map((finding) => {
    const { passedOver, ended } = finding.passedOver === undefined ? exemptions.of(finding) : {};
    return {
      ...finding,
      passedOver: finding.passedOver ?? passedOver,
      message: ended === undefined ? finding.message : `${finding.message} (its exemption ended on ${ended})`,
    };
  });
  return { ...checked, findings, notices: [...checked.notices, ...exemptions.notices()] };
}
