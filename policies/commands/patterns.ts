/** Patterns in which `*` stands for any text, as in names and paths of exemptions. */

/** Whether a text fits a pattern; no pattern fits all. */
export function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) {
    return true;
  }
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
