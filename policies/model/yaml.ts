/**
 * YAML as Kubernetes reads it: the older kind, in which `0400` is octal, `yes` is true, and a date is a text. Of a key that
 * stands twice the later one counts.
 */
import { parseAllDocuments, type Tags } from "yaml";

/** What a text holds. */
export interface ReadYaml {
  /** Values of the documents that could be read; an empty document is left out. */
  readonly documents: readonly unknown[];
  /** What is wrong with the others. */
  readonly errors: readonly string[];
}

function asKubernetes(tags: Tags): Tags {
  // The older YAML makes dates of `2026-01-01` and numbers of `10:20`; Go's reader leaves both as texts.
  return tags.filter((tag) => typeof tag === "string" || !(tag.tag.endsWith(":timestamp") || format(tag) === "TIME"));
}

function format(tag: object): unknown {
  return "format" in tag ? tag.format : undefined;
}

/** Reads every document of a text. Never throws. */
export function readYaml(text: string): ReadYaml {
  const documents: unknown[] = [];
  const errors: string[] = [];
  try {
    const options = { version: "1.1", customTags: asKubernetes, logLevel: "silent", uniqueKeys: false } as const;
    for (const document of parseAllDocuments(text, options)) {
      if (document.errors.length > 0) {
        errors.push(document.errors[0].message.split("\n")[0]);
        continue;
      }
      // A short text can be written so that its aliases unfold to gigabytes; nobody's manifest has a hundred.
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      if (value !== null && value !== undefined) {
        documents.push(value);
      }
    }
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
  }
  return { documents, errors };
}
