/** Exemptions that are given to the command: by pattern in a file, or by an annotation on the object itself. */
import { z } from "zod";
import { readYaml } from "../model/yaml";
import { UsageError } from "./choice";
import { fits } from "./patterns";

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "a day written as YYYY-MM-DD")
  .refine((text) => !Number.isNaN(Date.parse(text)), "a day of the calendar, written as YYYY-MM-DD");
const SHORTEST_REASON = 20;
const reason = z.string().min(SHORTEST_REASON, `at least ${SHORTEST_REASON} letters: a reason, not a word`);
const pattern = z.string().min(1).optional();

const fileSchema = z.strictObject({
  exemptions: z.array(
    z
      .strictObject({
        policies: z.array(z.string().min(1)).min(1),
        files: pattern,
        kind: pattern,
        namespace: pattern,
        name: pattern,
        reason,
        expires: day.optional(),
      })
      .refine(({ files, kind, namespace, name }) => [files, kind, namespace, name].some((one) => one !== undefined), {
        message:
          "give at least one of files, kind, namespace and name; to leave a policy out everywhere, use --exclude",
      }),
  ),
});

/** An exemption by pattern. */
export interface PatternExemption {
  /** Where it is written: file and number. */
  readonly at: string;
  readonly policies: readonly string[];
  readonly files?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly reason: string;
  /** Last day it holds; without one it holds until it is no longer needed. */
  readonly expires?: string;
}

/**
 * Reads a file of exemptions.
 * @param known names of the policies there are
 * @throws UsageError when it is none: what, where, the value seen and what is allowed
 */
export function exemptionsIn(file: string, text: string, known: readonly string[]): PatternExemption[] {
  const { documents, errors } = readYaml(text);
  if (errors.length > 0 || documents.length !== 1) {
    throw new UsageError(
      `${file}: ${errors[0] ?? `${documents.length} documents`}; one document of YAML with a list "exemptions" is expected`,
    );
  }
  const { success, data, error } = fileSchema.safeParse(documents[0]);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => `  ${path.join(".") || "(the file)"}: ${message}`);
    throw new UsageError(
      `${file} is no file of exemptions:\n${problems.join("\n")}\nAn exemption has policies, patterns of files, kind, namespace or name, a reason, and may have a last day, expires.`,
    );
  }
  const strange = data.exemptions.flatMap(({ policies }) => policies).filter((name) => !known.includes(name));
  if (strange.length > 0) {
    throw new UsageError(`${file}: there is no policy ${[...new Set(strange)].join(", ")} that judges files`);
  }
  return data.exemptions.map((exemption, index) => ({ at: `${file}: exemptions[${index}]`, ...exemption }));
}

/** Beginning of the key of an annotation; the policy's name follows. */
export const ANNOTATION = "atlas-site/exempt.";

/** What an annotation says: the reason, and in brackets at its end the last day it holds. */
export interface AnnotationExemption {
  readonly policy: string;
  readonly reason: string;
  readonly expires?: string;
  /** Why it exempts from nothing. */
  readonly invalid?: string;
}

/** Reads an annotation; undefined when it is about something else. */
export function annotationExemption(
  key: string,
  value: string,
  known: readonly string[],
): AnnotationExemption | undefined {
  if (!key.startsWith(ANNOTATION)) {
    return undefined;
  }
  const policy = key.slice(ANNOTATION.length);
  const [, words = value, expires] = /^(.*?)\s*\(until ([^)]*)\)\s*$/s.exec(value) ?? [];
  const invalid = !known.includes(policy)
    ? `there is no policy "${policy}" that judges files`
    : words.length < SHORTEST_REASON
      ? `its reason is "${words}"; write at least ${SHORTEST_REASON} letters`
      : expires !== undefined && !day.safeParse(expires).success
        ? `its last day is "${expires}"; write (until YYYY-MM-DD)`
        : undefined;
  return { policy, reason: words, expires, invalid };
}

/** Whether an exemption by pattern is about an object. */
export function isAbout(
  exemption: PatternExemption,
  { file, kind, namespace, name }: { file: string; kind: string; namespace: string; name: string },
): boolean {
  return (
    fits(exemption.files, file) &&
    fits(exemption.kind, kind) &&
    fits(exemption.namespace, namespace) &&
    fits(exemption.name, name)
  );
}
