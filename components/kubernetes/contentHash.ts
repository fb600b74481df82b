import { createHash } from "node:crypto";

/**
 * Tells one content from another. As an annotation of a pod template it makes new pods of changed files, which programs
 * that read them only at their start would never see.
 */
export function contentHash(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
