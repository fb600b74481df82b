/** Markdown of the generated pages. */

/** Warning at the head of a generated page. */
export function generatedFrom(source: string): string {
  return `<!-- Generated from ${source} by \`npm run generate\`: edit that, not this page. -->`;
}

/** A table; `|` in a cell is escaped, also inside code. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Code in running text. */
export function code(text: string): string {
  return `\`${text}\``;
}
