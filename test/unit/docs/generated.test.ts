import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generatedPages } from "../../../docs/generated";
import { table } from "../../../docs/markdown";

test.each(generatedPages)("docs/$file is fresh (else: npm run docs)", ({ file, text }) => {
  expect(readFileSync(join(__dirname, "../../../docs", file), "utf8")).toBe(text());
});

test("a cell with a bar does not break the table", () => {
  expect(table(["a", "b"], [["1|2", "3"]])).toBe("| a | b |\n| --- | --- |\n| 1\\|2 | 3 |");
});
