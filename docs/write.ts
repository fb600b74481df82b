/** Writes the pages of the documentation that are generated from the program. Run by `npm run docs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPages } from "./generated";

if (process.argv.includes("--help")) {
  console.log(
    `npm run docs\nWrites ${generatedPages.map(({ file }) => `docs/${file}`).join(", ")} anew from the program.`,
  );
} else {
  for (const page of generatedPages) {
    writeFileSync(join(__dirname, page.file), page.text());
    console.log(`docs/${page.file} written`);
  }
}
