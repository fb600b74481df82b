/** One INI file as OpenStack services read it: section → key → value; a list repeats the key (MultiStrOpt). */
export type Ini = Record<string, Record<string, IniValue | undefined>>;
export type IniValue = string | number | boolean | readonly string[];

/**
 * Renders an INI file. Sections and keys keep their order; `undefined` leaves a key out.
 *
 * @throws when a value holds a line break, which would silently start another key.
 */
export function renderIni(ini: Ini): string {
  const lines: string[] = [];
  for (const [section, keys] of Object.entries(ini)) {
    lines.push(`[${section}]`);
    for (const [key, value] of Object.entries(keys)) {
      if (value === undefined) continue;
      for (const one of typeof value === "object" ? value : [value]) {
        if (/[\r\n]/.test(String(one)))
          throw new Error(`config [${section}] ${key}: value ${JSON.stringify(one)} holds a line break; use a list`);
        lines.push(`${key} = ${String(one)}`);
      }
    }
    lines.push("");
  }
  return lines.join("\n");
}
