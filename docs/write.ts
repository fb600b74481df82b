/** Writes the pages of the documentation that are generated from the program. Run by `npm run docs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPages } from "./generated";

for (const page of generatedPages) {
  writeFileSync(join(__dirname, page.file), page.text());
  console.log(`docs/${page.file} written`);
}
