/** What a check found, in a form that every output format is written from. */
import { createHash } from "node:crypto";
import { exemptionText } from "../model/exemptions";
import type { Judgement } from "../model/judge";
import type { Description, Level, Severity } from "../model/policy";

/** Severities, the least first. */
export const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];

/** Where something stands. */
export interface Place {
  /** As the user wrote it, relative to where the user stands; "" for what concerns all files together. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Why a finding does not count. */
export interface PassedOver {
  /** `settings`: an exemption of the pack's settings; `file`, `annotation`: one given to the command; `baseline`: known. */
  readonly by: "settings" | "file" | "annotation" | "baseline";
  readonly reason: string;
}

/** One thing that is wrong with one object. */
export interface Finding extends Place {
  readonly rule: Description;
  readonly level: Level;
  /** `Kind namespace/name`; "" for all objects together. */
  readonly object: string;
  /** Path of the field in the object; "" for the object itself. */
  readonly path: string;
  readonly message: string;
  readonly passedOver?: PassedOver;
}

/** A file, or a document of one, that cannot be read. */
export interface Unreadable extends Place {
  readonly reason: string;
}

/** Outcome of a check. */
export interface Report {
  readonly findings: readonly Finding[];
  /** Rules that were applied. */
  readonly rules: readonly Description[];
  readonly files: number;
  readonly objects: number;
  readonly unreadable: readonly Unreadable[];
  /** Containers in kinds whose pods the pack cannot find. */
  readonly notJudged: readonly (Place & { readonly object: string; readonly path: string })[];
  /** What else the reader should know: unused exemptions, files without objects. */
  readonly notices: readonly string[];
}

/** How a report is written. */
export interface FormatOptions {
  /** Only what fails; of text and github alone, for other formats are read by programs. */
  readonly quiet: boolean;
  /** Without a limit on the lines for one policy; of text alone. */
  readonly all: boolean;
  /** Version of the pack. */
  readonly version: string;
  /** Address of a policy's page. */
  readonly help: (rule: Description) => string;
}

/** Whether a finding makes the command fail. */
export function fails({ level, passedOver }: Finding): boolean {
  return level === "mandatory" && passedOver === undefined;
}

/** Whether a check fails: a mandatory finding that counts, or a file that cannot be read. */
export function reportFails({ findings, unreadable }: Report): boolean {
  return unreadable.length > 0 || findings.some(fails);
}

/** How a report names an object. */
export function objectName({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name === "" ? "(no name)" : name}`;
}

/** What stays the same while lines move: it finds a known finding again. */
export function fingerprint({ rule, object, path, message }: Finding): string {
  return createHash("sha256").update([rule.name, object, path, message].join("\0")).digest("hex").slice(0, 32);
}

/**
 * The findings of a judgement.
 * @param place of a path in what was judged
 */
export function findingsOf(judgement: Judgement, place: (path: string) => Place): Finding[] {
  const { policy, level, subject, violations, exemption } = judgement;
  const ended = exemption?.expired ? ` (its exemption ended on ${exemption.exemption.expires})` : "";
  const passedOver: PassedOver | undefined =
    exemption === undefined || exemption.expired
      ? undefined
      : { by: "settings", reason: exemptionText(exemption.exemption) };
  return violations.map(({ path, message }) => ({
    ...place(path),
    rule: policy,
    level,
    object: subject === undefined ? "" : objectName(subject),
    path,
    message: message + ended,
    passedOver,
  }));
}

/** Findings that say the same about the same place count once. */
export function withoutRepetition(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const { rule, file, line, column, object, path, message } = finding;
    const key = [rule.name, file, line, column, object, path, message].join("\0");
    return !seen.has(key) && seen.add(key);
  });
}

/** How often each, in the order of their first appearance. */
export function grouped<T>(things: readonly T[], key: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(key(thing));
    if (group === undefined) {
      groups.set(key(thing), [thing]);
    } else {
      group.push(thing);
    }
  }
  return groups;
}
