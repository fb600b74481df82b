import { createHash } from "node:crypto";

/** Short content hash: 16 hexadecimal digits of SHA-256. */
export function contentHash(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

/**
 * Annotation of a pod template that triggers a rollout when the content changes: programs that read their files only when
 * they start would never see the change.
 * @param what names the content in the annotation's key
 * @param content text, or files by name
 */
export function rollout(what: "configuration" | "program", content: string | object): Record<string, string> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return { [`atlas-site/${what}-hash`]: contentHash(text) };
}
