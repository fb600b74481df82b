/** Whom a binding names. */
import type { Field } from "../model/field";
import type { Subject } from "../model/siteSettings";

/** A subject of a binding; parts that are missing are "". */
export interface BoundSubject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** Reads a subject. @throws UnknownField */
export function subjectOf(field: Field): BoundSubject {
  const part = (key: string) => field.at(key).text ?? "";
  return { kind: part("kind"), name: part("name"), namespace: part("namespace") };
}

/** Whether a setting means a subject. A ServiceAccount is also known by its user name. */
export function sameSubject(setting: Subject, subject: BoundSubject): boolean {
  const accountName = `system:serviceaccount:${setting.namespace ?? ""}:${setting.name}`;
  if (setting.kind === "ServiceAccount" && subject.kind === "User") {
    return subject.name === accountName;
  }
  return (
    setting.kind === subject.kind && setting.name === subject.name && (setting.namespace ?? "") === subject.namespace
  );
}

/** A subject in words. */
export function subjectText({ kind, name, namespace }: BoundSubject): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}
