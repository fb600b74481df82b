/** Writes `policies/config/policy-config.schema.json`, which editors check settings files by. Run by `npm run policy:schema`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configSchemaText } from "./schema";

const file = join(__dirname, "policy-config.schema.json");
writeFileSync(file, configSchemaText());
console.log(`${file} written`);
