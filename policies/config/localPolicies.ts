/** Policies that a fork adds, each in a file of its own in `policies/local/`. */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Policy } from "../model/policy";

const FOLDER = join(__dirname, "..", "local");

function isPolicy(value: unknown): value is Policy {
  return typeof value === "object" && value !== null && "check" in value && "remediation" in value && "name" in value;
}

/**
 * Every policy that a file of the folder exports.
 * @throws Error when a file exports none: it was meant to
 */
export function localPolicies(folder: string = FOLDER): Policy[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => /(?<!\.d)\.ts$/.test(file)) : [];
  return files.sort().flatMap((file) => {
    const exported = createRequire(__filename)(join(folder, file)) as Readonly<Record<string, unknown>>;
    const found = Object.values(exported).filter(isPolicy);
    if (found.length === 0) {
      throw new Error(`policies/local/${file} exports no policy; fix: export a constant of type Policy`);
    }
    return found;
  });
}
