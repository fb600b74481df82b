/** Where the page of a policy is: beside the pack, or at the address that the command names. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Description } from "../model/policy";

/** Folder of the pack. */
const PACK = join(__dirname, "..");

/** The pages come with the package, and stand beside the pack in the project. */
const DOCS = [join(PACK, "docs"), join(PACK, "..", "docs")].find((folder) => existsSync(join(folder, "policies.md")));

/** Version of the pack. */
export function packVersion(): string {
  return (JSON.parse(readFileSync(join(PACK, "package.json"), "utf8")) as { version: string }).version;
}

/**
 * Address of a rule's page.
 * @param base where the folder `docs` is published; by default the one on disk
 */
export function helpPage(base: string | undefined): (rule: Pick<Description, "name">) => string {
  const from = base?.replace(/\/$/, "") ?? pathToFileURL(DOCS ?? join(PACK, "docs")).href;
  return ({ name }) => {
    const own = join("policies", `${name}.md`);
    return DOCS !== undefined && existsSync(join(DOCS, own)) ? `${from}/${own}` : `${from}/policies.md#${name}`;
  };
}
