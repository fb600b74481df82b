/** Stores the files of several variants once where they are equal. */

/** Texts by path, of one variant. */
export type Files = Readonly<Record<string, string>>;

/** Where the texts are. */
export interface SharedFiles {
  /** Every different text by the name it is stored under. */
  readonly stored: Files;
  /** For each variant, the name that each of its paths is stored under. */
  readonly names: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Equal texts of a path become one file. The first variant that has a path stores it under the path itself; a variant with
 * another text stores that as `<path>@<variant>`.
 */
export function shareFiles(variants: Readonly<Record<string, Files>>): SharedFiles {
  const stored: Record<string, string> = {};
  const names: Record<string, Record<string, string>> = {};
  const known = new Map<string, Map<string, string>>();
  for (const [variant, files] of Object.entries(variants)) {
    names[variant] = {};
    for (const [path, text] of Object.entries(files)) {
      const texts = known.get(path) ?? new Map<string, string>();
      const name = texts.get(text) ?? (texts.size === 0 ? path : `${path}@${variant}`);
      known.set(path, texts.set(text, name));
      stored[name] = text;
      names[variant][path] = name;
    }
  }
  return { stored, names };
}
