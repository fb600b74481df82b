/** Sites for the tests: a small one, and changed copies of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadSite, sectionNames } from "../../../stacks/site/load";
import { siteSchema, type Site } from "../../../stacks/site/site";

/** Folder of the shipped stack files. */
export const stacksFolder = join(__dirname, "../../../stacks");

/** Text of the small site's stack file. */
export const siteText = readFileSync(join(__dirname, "fixtures/small-site.yaml"), "utf8");

/** Sections of the small site as they are written, without defaults. */
export function siteSections(): Record<string, unknown> {
  const { config } = parse(siteText) as { config: Record<string, unknown> };
  const written = sectionNames.map((name) => [name, config[`atlas-site:${name}`]] as const);
  return Object.fromEntries(written.filter(([, value]) => value !== undefined));
}

/** The small site with changes; a dotted path names the value, `undefined` removes it. */
export function siteWith(changes: Readonly<Record<string, unknown>>): Site {
  return siteSchema.parse(changed(changes));
}

/** The small site's sections with changes, not parsed. */
export function changed(changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const sections = siteSections();
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    let inner = sections as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) {
      inner = (inner[key] ??= {}) as Record<string, unknown>;
    }
    if (value === undefined) {
      delete inner[keys.at(-1)!];
    } else {
      inner[keys.at(-1)!] = value;
    }
  }
  return sections;
}

/** Lines of the error that loading a text gives; none when it loads. */
export function linesOf(text: string, file = "site.yaml"): readonly string[] {
  try {
    loadSite("lab", text, file);
    return [];
  } catch (error) {
    return (error as { lines?: readonly string[] }).lines ?? [String(error)];
  }
}
