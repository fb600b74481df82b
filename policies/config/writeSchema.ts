/** Writes `policies/config/policy-config.schema.json`, which editors check settings files by. Run by `npm run policy:schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configSchemaText } from "./schema";

const file = join(__dirname, "policy-config.schema.json");

if (process.argv.includes("--help")) {
  console.log(
    "npm run policy:schema\nWrites policies/config/policy-config.schema.json anew from policies/config/schema.ts.",
  );
} else {
  writeFileSync(file, configSchemaText());
  console.log(`${file} written`);
}
