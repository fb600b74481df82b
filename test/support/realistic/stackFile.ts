/** A drawn site as the text of its stack file, in the styles people write YAML in. */
import fc from "fast-check";
import { stringify } from "yaml";
import { secretKeys } from "../../../stacks/site/configKeys";
import type { Sections } from "../sites";

/** How a file is written; no choice changes what it means. */
export interface Style {
  readonly indent: number;
  readonly quotes: "QUOTE_DOUBLE" | "QUOTE_SINGLE" | "PLAIN";
  readonly comment: boolean;
  /** Lines end as on Windows. */
  readonly carriageReturns: boolean;
}

/** Styles of stack files. */
export const styles: fc.Arbitrary<Style> = fc.record({
  indent: fc.constantFrom(2, 4),
  quotes: fc.constantFrom("PLAIN", "PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE"),
  comment: fc.boolean(),
  carriageReturns: fc.constantFrom(false, false, false, true),
});

/** The file's text, with every secret set. */
export function stackFileOf(sections: Sections, style: Style): string {
  const named = Object.entries(sections).map(([name, value]) => [`atlas-site:${name}`, value]);
  const secrets = Object.keys(secretKeys).map((name) => [`atlas-site:${name}`, { secure: "v1:ciphertext" }]);
  const text = stringify(
    { config: Object.fromEntries([...named, ...secrets]) as object },
    { indent: style.indent, defaultStringType: style.quotes, defaultKeyType: "PLAIN", aliasDuplicateObjects: false },
  );
  const lines = [...(style.comment ? ["# A site.", ""] : []), ...text.split("\n")];
  return lines.join(style.carriageReturns ? "\r\n" : "\n");
}
