/** What the pages name is there: linked pages and headings, npm scripts, files, keys of the site file, alerts' pages. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { secretKeys } from "../../../stacks/site/configKeys";
import { schemaAt } from "../../../stacks/site/schema/walk";
import { siteSchema } from "../../../stacks/site/site";
import { ROOT } from "../../support/sites";

/** Pages and whatever else tells a reader what to type. */
const files = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(md|yaml)$/.test(file))
    .map((file) => `docs/${file}`),
  ...readdirSync(join(ROOT, "stacks"))
    .filter((file) => /^Pulumi\..*\.yaml$/.test(file))
    .map((file) => `stacks/${file}`),
].sort();

interface Page {
  readonly file: string;
  readonly text: string;
}

const pages: readonly Page[] = files.map((file) => ({ file, text: readFileSync(join(ROOT, file), "utf8") }));
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }).scripts,
);

/** What a pattern's first group finds in all pages, as `file: text`, without what is in order. */
function strange(pattern: RegExp, inOrder: (found: string, page: Page) => boolean): string[] {
  return pages.flatMap((page) =>
    [...page.text.matchAll(pattern)]
      .map(([, found]) => found)
      .filter((found) => !inOrder(found, page))
      .map((found) => `${page.file}: ${found}`),
  );
}

/** How a heading is named in a link, by the rule of GitHub and GitLab. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- _]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsOf(text: string): string[] {
  return [...text.replaceAll(/^```[^]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading));
}

describe("what the docs name is there:", () => {
  test("linked pages and their headings", () => {
    const bad = strange(/\]\(([^)\s]+)\)/g, (link, { file, text }) => {
      if (/^https?:/.test(link)) {
        return true;
      }
      const [path, heading] = link.split("#");
      const target = path === "" ? file : relative(ROOT, join(ROOT, dirname(file), path));
      const found = path === "" ? text : pages.find((page) => page.file === target)?.text;
      return existsSync(join(ROOT, target)) && (heading === undefined || anchorsOf(found ?? "").includes(heading));
    });
    expect(bad).toEqual([]);
  });

  test("npm scripts", () => {
    expect(strange(/npm run ([\w:]+)/g, (script) => scripts.includes(script))).toEqual([]);
  });

  test("files of the tree", () => {
    const folders = "components|docs|policies|stacks|test";
    const bad = strange(new RegExp(`(?<![\\w/.-])((?:${folders})/[\\w./-]*[\\w/])(?![\\w<*{])`, "g"), (path) =>
      existsSync(join(ROOT, path)),
    );
    // The path goes on with a word that stands for a name; or it is a folder of somebody else's corpus.
    const own = /: (stacks\/Pulumi|policies\/config|test\/checks)\/?$/;
    expect(bad.filter((found) => !own.test(found))).toEqual([]);
  });

  test("pages that messages and comments of the program lead to", () => {
    const named = ["components", "stacks", "policies/commands"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .flatMap((file) => readFileSync(join(ROOT, folder, file), "utf8").match(/\bdocs\/[\w/-]+\.md/g) ?? []),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
  });

  test("the lab's files, which its page names from test/lab/ on", () => {
    const found = strange(/`((?:config|commands|image|python|site)\/[\w./-]*|\w+\.ts)`/g, (path, { file }) => {
      return file !== "docs/lab.md" || existsSync(join(ROOT, "test/lab", path));
    });
    expect(found).toEqual([]);
  });

  test("keys of the site file", () => {
    const sections = Object.keys(siteSchema.shape).join("|");
    const bad = strange(
      new RegExp(`\`((?:${sections})\\.[a-z]\\w*(?:\\.[\\w<>[\\]]+)*)(?:: [^\`]*)?\``, "g"),
      (path) => {
        const keys = path.replaceAll(/\[\w*\]/g, ".0").split(".");
        if (path === "cloud.conf") {
          return true; // the file that Cinder's driver reads
        }
        // A name of the site's own stands for any.
        return (
          schemaAt(
            siteSchema,
            keys.map((key) => key.replace(/^<.*>$/, "any")),
            {},
          ) !== undefined
        );
      },
    );
    expect(bad).toEqual([]);
  });

  test("sections and secrets of the site file", () => {
    const known = [...Object.keys(siteSchema.shape), ...Object.keys(secretKeys)];
    expect(strange(/atlas-site:([a-z]\w*)\b(?!:)/g, (key) => known.includes(key) || /^operators?$/.test(key))).toEqual(
      [],
    );
  });
});

test("the docs are many, so that the tests above read something", () => {
  expect(pages.length).toBeGreaterThan(80);
  expect(pages.flatMap(({ text }) => [...text.matchAll(/npm run /g)]).length).toBeGreaterThan(40);
});
