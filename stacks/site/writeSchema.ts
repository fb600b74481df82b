/** Writes `stacks/site.schema.json`, which editors check stack files by. Run by `npm run schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileSchemaText } from "./stackFileSchema";

const file = join(__dirname, "..", "site.schema.json");

if (process.argv.includes("--help")) {
  console.log("npm run schema\nWrites stacks/site.schema.json anew from the schema in stacks/site/.");
} else {
  writeFileSync(file, stackFileSchemaText());
  console.log(`${file} written`);
}
