/** Words that a reader from this field stumbles over, with what they write instead. They stay out of the whole tree. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../support/sites";

/** Each wrong word and the field's own. */
const WORDS: readonly { readonly wrong: RegExp; readonly right: string }[] = [
  { wrong: /\bentrances?\b/i, right: "endpoint (of the API), exposure (of squids)" },
  { wrong: /\bboot ?data\b/i, right: "user data" },
  { wrong: /\bcan not\b/i, right: "cannot" },
  { wrong: /\bkept back\b/i, right: "reserved" },
  { wrong: /\b(?:un)?mend(?:s|ed|ing)?\b/i, right: "fix" },
  { wrong: /\bunwell\b/i, right: "unhealthy" },
  { wrong: /\b(?:pods|jobs|cores|one) a node\b|\bone (?:file|page) an? /i, right: "pods per node, one file per site" },
  // X.509 in Kubernetes' own keys and in the words of Go's programs is theirs.
  { wrong: /(?<!certificate-|unknown )\bauthorit(?:y|ies)\b(?!-)/i, right: "CA, CAs" },
];

/** Other people's text, lists of dependencies, and this file. */
const NOT_OURS =
  /package-lock\.json$|^test\/toolchain\/go\/|^docs\/jobFields\/|^policies\/package\/schemas\/|^docs\/decisions\/0002-|glossary\.test\.ts$/;

const files = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 24 })
  .split("\0")
  .filter((file) => /\.(?:ts|mts|mjs|md|py|sh|yaml|json|txt|service)$/.test(file) && !NOT_OURS.test(file));

test("no file has a word that the glossary replaces", () => {
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        WORDS.filter(({ wrong }) => wrong.test(line)).map(({ right }) => `${file}:${index + 1}: write ${right}`),
      ),
  );
  expect(found).toEqual([]);
});
